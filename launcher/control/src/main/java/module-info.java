/** What client and daemon say to each other: requests, replies, events, framing. */
module launcher.control {
  exports launcher.control;

  requires static transitive org.jspecify;
}

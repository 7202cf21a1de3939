/** What client and daemon say to each other: requests, replies, events, framing. */
module launcher.control {
  requires static org.jspecify;
}

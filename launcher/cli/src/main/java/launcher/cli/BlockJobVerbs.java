package launcher.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import launcher.control.ControlException;
import launcher.control.Json;
import launcher.control.Json.Members;
import launcher.control.Outcome;

/** Verbs of long work on the images of disks. */
final class BlockJobVerbs implements VerbFamily {
  private static final long MIB = 1 << 20;
  private static final int PERCENT = 100;

  @Override
  public String title() {
    return "Images of disks in use";
  }

  @Override
  public List<String> names() {
    return List.of("blockcommit", "blockcopy", "blockpull", "blockjob");
  }

  @Override
  public Verb verb(String name) {
    return switch (name) {
      case "blockcommit" ->
          waiting(new Verb(name, "write an image into one below it", BlockJobVerbs::commit))
              .option("base", "file", "the image that is written into; the lowest without this")
              .option("top", "file", "the image that is written; the disk's own without this")
              .flag("shallow", "into the image right below")
              .flag("active", "what the guest writes to is meant")
              .flag("delete", "remove the images that are spent")
              .flag("pivot", "wait, and let the guest write to the lower image")
              .flag("keep-overlay", "wait, and end it with the disk as it was");
      case "blockcopy" ->
          waiting(new Verb(name, "copy a disk to another image", BlockJobVerbs::copy))
              .optionalOperand("dest")
              .flag("shallow", "without what lies below, which then lies below the copy too")
              .flag("reuse-external", "into an image that is there already")
              .flag("blockdev", "into a block device")
              .option("xml", "file", "with a <disk> that says where to, in place of <dest>")
              .option("format", "format", "of the copy; that of the disk without this")
              .option("granularity", "bytes", "of the copy, a power of two")
              .option("buf-size", "bytes", "most that is under way at once")
              .flag("synchronous-writes", "let the guest's writes wait for the copy")
              .flag("transient-job", "gone when the guest ends (so anyway)")
              .flag("pivot", "wait, and let the guest write to the copy")
              .flag("finish", "wait, and end it with the disk as it was");
      case "blockpull" ->
          waiting(new Verb(name, "bring what lies below into a disk's image", BlockJobVerbs::pull))
              .option("base", "file", "the first image that stays below; none without this");
      case "blockjob" ->
          new Verb(name, "show, limit or end the work on a disk's images", BlockJobVerbs::job)
              .operand(Requests.DOMAIN)
              .operand("path")
              .flag("info", "show it (so without anything else)")
              .flag("raw", "show it in plain numbers")
              .flag("abort", "end it, with the disk as it was")
              .flag("pivot", "end it, and let the guest write to the copy")
              .flag("async", "do not wait for its end")
              .flag("bytes", "bandwidth in bytes a second")
              .option("bandwidth", "MiB/s", "limit it; 0 for no limit");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Verb waiting(Verb verb) {
    return verb.cancels()
        .operand(Requests.DOMAIN)
        .operand("path")
        .option("bandwidth", "MiB/s", "at most so much")
        .flag("bytes", "bandwidth in bytes a second")
        .flag("wait", "wait until it is done, or ready to be ended")
        .flag("verbose", "and show how far it is")
        .option("timeout", "seconds", "wait, and give it up when it takes longer")
        .flag("async", "do not wait until it is given up");
  }

  private static Members disk(Invocation in) {
    return Requests.guest(in).with(Json.object("disk", in.operand("path")));
  }

  private static Members limited(Invocation in) {
    long unit = in.flag("bytes") ? 1 : MIB;
    return disk(in)
        .with(
            Json.object(
                "bytesPerSecond",
                in.number("bandwidth", 0).map(number -> Math.multiplyExact(number, unit))));
  }

  private static Optional<String> file(Invocation in, String option) {
    return in.value(option).map(Requests::absolute);
  }

  /** What is said when it has begun, is done, and is given up. */
  private record Words(String title, String done) {
    String givenUp() {
      return title.substring(title.lastIndexOf(' ') + 1) + " aborted";
    }
  }

  private static Outcome pull(Invocation in) throws IOException {
    in.session().client().ask("blockpull", limited(in).with(Json.object("base", file(in, "base"))));
    return follow(in, new Words("Block Pull", "Pull complete"), Optional.empty());
  }

  private static Outcome commit(Invocation in) throws IOException {
    Optional<Boolean> end = ending(in, "keep-overlay");
    boolean active = in.flag("active") || end.isPresent();
    if (in.flag("shallow") && in.value("base").isPresent()) {
      throw new ControlException(Outcome.USAGE, "--shallow or --base, not both");
    }
    Members wanted =
        Json.object(
            "base", file(in, "base"),
            "top", file(in, "top"),
            "shallow", in.flag("shallow"),
            "active", active,
            "delete", in.flag("delete"));
    in.session().client().ask("blockcommit", limited(in).with(wanted));
    String done =
        end.map(pivot -> pivot ? "Successfully pivoted" : "Commit complete, overlay image kept")
            .orElse(active ? "Now in synchronized phase" : "Commit complete");
    return follow(in, new Words(active ? "Active Block Commit" : "Block Commit", done), end);
  }

  private static Outcome copy(Invocation in) throws IOException {
    Optional<Boolean> end = ending(in, "finish");
    Optional<String> to = in.findOperand("dest");
    Optional<String> xml = in.value("xml");
    if (to.isPresent() == xml.isPresent()) {
      throw new ControlException(Outcome.USAGE, "'blockcopy' needs <dest> or --xml, and not both");
    }
    Members wanted =
        Json.object(
            "to", to.map(Requests::absolute),
            "xml", xml.map(Requests::file),
            "format", in.value("format"),
            "shallow", in.flag("shallow"),
            "reuse", in.flag("reuse-external"),
            "device", in.flag("blockdev"),
            "granularity", in.number("granularity", 1),
            "buffer", in.number("buf-size", 1),
            "synchronous", in.flag("synchronous-writes"));
    in.session().client().ask("blockcopy", limited(in).with(wanted));
    String done =
        end.map(pivot -> pivot ? "Successfully pivoted" : "Successfully copied")
            .orElse("Now in mirroring phase");
    return follow(in, new Words("Block Copy", done), end);
  }

  /** Whether it is ended once it is ready, and with a pivot. */
  private static Optional<Boolean> ending(Invocation in, String staying) {
    if (in.flag("pivot") && in.flag(staying)) {
      throw new ControlException(Outcome.USAGE, "--pivot or --" + staying + ", not both");
    }
    return in.flag("pivot") || in.flag(staying) ? Optional.of(in.flag("pivot")) : Optional.empty();
  }

  private static Outcome follow(Invocation in, Words words, Optional<Boolean> end)
      throws IOException {
    boolean waits =
        end.isPresent() || in.flag("wait") || in.flag("verbose") || in.value("timeout").isPresent();
    if (!waits) {
      return said(in, words.title() + " started");
    }
    Members patience = disk(in).with(Json.object("timeout", in.number("timeout", 1)));
    Outcome waited = awaited(in, patience);
    if (waited != Outcome.DONE) {
      in.session().client().ask("blockjob-end", disk(in));
      if (!in.flag("async")) {
        over(in);
      }
      throw new ControlException(waited, words.givenUp());
    }
    if (end.isPresent()) {
      in.session().client().ask("blockjob-end", disk(in).with(Json.object("pivot", end.get())));
      over(in);
    }
    return said(in, words.done());
  }

  /** DONE in time, FAILED when it took too long, CANCELLED by ^C. */
  private static Outcome awaited(Invocation in, Members which) throws IOException {
    try {
      return isInTime(in, which) ? Outcome.DONE : Outcome.FAILED;
    } catch (ControlException e) {
      if (e.outcome() != Outcome.CANCELLED) {
        throw e;
      }
      return Outcome.CANCELLED;
    }
  }

  private static boolean isInTime(Invocation in, Members which) throws IOException {
    Json reply =
        in.session()
            .client()
            .ask(
                "blockjob-wait",
                which,
                event -> {
                  in.session().cancelIfInterrupted();
                  if (in.flag("verbose")) {
                    Progress.show(in, in.operand(Requests.DOMAIN), event);
                  }
                });
    return Requests.members(reply).isTrue("inTime");
  }

  private static void over(Invocation in) throws IOException {
    in.session().client().ask("blockjob-wait", disk(in).with(Json.object("over", true)));
  }

  private static Outcome said(Invocation in, String sentence) {
    if (in.options().json()) {
      in.output().json(Json.object("result", sentence));
    } else if (!in.options().quiet()) {
      in.output().text(sentence + "\n\n");
    }
    return Outcome.DONE;
  }

  private static Outcome job(Invocation in) throws IOException {
    if (in.flag("abort") || in.flag("pivot") || in.flag("async")) {
      in.session()
          .client()
          .ask("blockjob-end", disk(in).with(Json.object("pivot", in.flag("pivot"))));
      if (!in.flag("async")) {
        over(in);
      }
      return Outcome.DONE;
    }
    if (in.value("bandwidth").isPresent()) {
      in.session().client().ask("blockjob-limit", limited(in));
      return Outcome.DONE;
    }
    return Requests.print(in, "blockjob", disk(in), reply -> words(in, Requests.members(reply)));
  }

  private static String words(Invocation in, Members job) {
    if (job.findText("type").isEmpty()) {
      return in.flag("raw") ? "" : "No current block job for " + in.operand("path") + "\n\n";
    }
    long done = job.findWhole("done").orElse(0L);
    long total = job.findWhole("total").orElse(0L);
    long limit = job.findWhole("bytesPerSecond").orElse(0L);
    if (in.flag("raw")) {
      return " type=%s%n bandwidth=%d%n cur=%d%n end=%d%n%n"
          .formatted(job.text("type"), limit, done, total);
    }
    long percent =
        job.isTrue("ready") || total == 0 && done == 0
            ? job.isTrue("ready") ? PERCENT : 0
            : Math.min(PERCENT - 1L, done * PERCENT / Math.max(1, total));
    String bandwidth =
        limit == 0
            ? ""
            : in.flag("bytes")
                ? "    Bandwidth limit: %d bytes/s%n".formatted(limit)
                : String.format(
                    Locale.ROOT,
                    "    Bandwidth limit: %d bytes/s (%.3f MiB/s)%n",
                    limit,
                    (double) limit / MIB);
    return job.text("type") + ": [" + percent + " %]\n" + bandwidth + "\n";
  }
}

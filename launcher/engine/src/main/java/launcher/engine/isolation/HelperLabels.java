package launcher.engine.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import launcher.drivers.plan.DescriptorStep;
import launcher.drivers.plan.FileStep;
import launcher.drivers.plan.Grants;
import launcher.drivers.plan.HelperStep;
import launcher.drivers.plan.IsolationStep;
import launcher.drivers.plan.Plan;
import launcher.drivers.plan.SecretStep;
import launcher.drivers.plan.SocketLabel;
import launcher.drivers.plan.Step;

/**
 * What a guest has beside its process and its disks, under SELinux: its folders, the sockets it
 * takes connections at, and its helpers. swtpm has the guest's own label and so nothing but what
 * the guest has; passt what the policy makes of its program, with the guest's categories, since a
 * guest's type may not use the network as it does; what has more rights than the guest (a file
 * server, a reservation helper) keeps launcher's label: it works on what is the administrator's. As
 * libvirt has it.
 */
final class HelperLabels {
  private static final int OWNER_ONLY = 0600;

  private final SelinuxLabels labels;
  private final SelinuxHost host;
  private final String user;

  HelperLabels(SelinuxLabels labels, SelinuxHost host, String user) {
    this.labels = labels;
    this.host = host;
    this.user = user;
  }

  private Optional<SocketLabel> socket() {
    return labels
        .process()
        .flatMap(process ->
            labels.ofGuest(HostFile.Use.IMAGE).map(file -> new SocketLabel(process, file)));
  }

  /** The plan whose helpers and sockets have labels; as it was where the guest has none. */
  Plan label(Plan plan) {
    Optional<SocketLabel> socket = socket();
    if (socket.isEmpty()) {
      return plan;
    }
    List<Step> prepare = new ArrayList<>();
    for (Step step : plan.prepare()) {
      prepare.add(
          switch (step) {
            case HelperStep.Run helper -> helper.labelled(of(helper, socket.get()));
            case DescriptorStep.Listen listen -> listen.labelled(socket.get());
            default -> step;
          });
    }
    return new Plan(prepare, plan.command(), plan.whileHeld(), plan.afterStart());
  }

  private HelperStep.Labels of(HelperStep.Run helper, SocketLabel socket) {
    boolean hosts =
        helper instanceof HelperStep.Start start && start.rights() != HelperStep.Rights.GUEST;
    Optional<String> process = hosts ? Optional.empty() : labels.process();
    if (helper.helper().equals("passt")) {
      process = host.transition(helper.program(), socket.socket()).or(labels::process);
    }
    return new HelperStep.Labels(process, socket);
  }

  /** Gives the guest its folders and what is in them, before any helper starts. */
  List<Step> steps(Plan plan, Grants grants) {
    Set<Path> paths = new LinkedHashSet<>(List.of(grants.runFolder(), grants.stateFolder()));
    for (Step step : plan.prepare()) {
      switch (step) {
        case SecretStep.Seal seal -> paths.add(seal.key());
        case HelperStep.Start start ->
            start
                .folders()
                .forEach(folder -> {
                  paths.add(folder);
                  paths.addAll(files(folder));
                });
        default -> {
          // its label does not matter here
        }
      }
    }
    Optional<String> label = labels.ofGuest(HostFile.Use.IMAGE);
    List<Step> steps = new ArrayList<>();
    for (Path log : logs(plan)) {
      // it is there before the helper opens it: the kernel takes from it what it may not use
      steps.add(new FileStep.CreateFile(log, OWNER_ONLY, true));
      paths.add(Isolation.real(log));
    }
    label.ifPresent(
        image -> paths.forEach(path -> steps.add(new IsolationStep.LabelFile(path, image, user))));
    return steps;
  }

  private static Set<Path> logs(Plan plan) {
    Set<Path> logs = new LinkedHashSet<>();
    for (Step step : plan.prepare()) {
      if (step instanceof HelperStep.Start start) {
        logs.add(start.log());
      }
    }
    return logs;
  }

  /** Of an earlier run, which had other categories. */
  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    } catch (IOException none) {
      return List.of();
    }
  }
}

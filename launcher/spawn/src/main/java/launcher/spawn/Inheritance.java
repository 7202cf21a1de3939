package launcher.spawn;

import java.util.List;
import java.util.Map;

/**
 * What becomes of each descriptor of a program.
 *
 * @param nulls numbers that are {@code /dev/null}
 * @param files numbers whose file the executor opens
 * @param numbers number in the program to number in the executor, where the file actions of
 *     posix_spawn put it
 * @param sources descriptors of this process in the order of the executor's numbers
 * @param control the executor's number of its control socket, above every other
 * @param merged true when standard error is standard output
 */
record Inheritance(
    List<Integer> nulls,
    Map<Integer, Descriptor.OpenFile> files,
    Map<Integer, Integer> numbers,
    List<Integer> sources,
    int control,
    boolean merged) {}

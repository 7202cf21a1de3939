package launcher.cli;

/**
 * A word of a verb that is no option. It may also be given as {@code --name WORD}, as virsh allows.
 *
 * @param name what help and messages call it
 * @param required whether the verb needs it
 * @param repeated whether any number may follow; only the last operand of a verb
 */
public record Operand(String name, boolean required, boolean repeated) {}

/* The executor: started by posix_spawn(3), it reads its orders, dresses itself, and becomes the program.
 *
 * No C library: it is a few pages, starts in the time of one execve, and does nothing that is not written here.
 * Started with all signals blocked and one argument: the number of its control socket, in decimal. With more, and the
 * first of them `detach`, see detach.c. */
#include "executor.h"

ENTRY(run);

/* Orders of any real command fit; a page that is not touched costs nothing. Longer ones get memory of their own. */
static char room[32768] __attribute__((aligned(16)));

static i32 control_number(const char *text)
{
    i32 number = 0;
    for (; *text >= '0' && *text <= '9' && number < 1 << 24; text++)
        number = number * 10 + (*text - '0');
    return number;
}

/* Memory for the orders and, behind them, for the pointers of argv and envp (a text has at least one byte). */
static char *memory(u64 size)
{
    if (size <= sizeof room)
        return room;
    i64 mapped = call(mmap, 0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped < 0 && mapped > -4096)
        fail(0, STEP_READ_ORDERS, 0, mapped);
    return (char *)mapped;
}

static struct orders read_orders(void)
{
    struct orders_header header;
    hear(&header, sizeof header);
    if (header.magic != ORDERS_MAGIC || header.length % 8 != 0 || header.length > 16 << 20)
        fail(0, STEP_READ_ORDERS, 0, -EPROTO);
    u64 pointers = (header.length + 4UL) * sizeof(char *);
    char *start = memory(header.length + pointers);
    hear(start, header.length);
    struct orders orders = { start, start + header.length };
    must(&orders, STEP_READ_ORDERS, 0, check_orders(&orders));
    return orders;
}

/* Announces the pid's readiness, waits for the word. No word, no program. */
static void shake_hands(struct orders *orders)
{
    if (!only_order(orders, ORDER_HANDSHAKE))
        return;
    say_ready();
    char word = 0;
    i64 count;
    do
        count = call(read, control, &word, 1);
    while (count == -EINTR);
    if (count == 1 && word == 'G')
        return;
    empty_pid_file(orders);
    leave();
}

static void NEVER_RETURNS execute(struct orders *orders)
{
    struct order *program = only_order(orders, ORDER_PROGRAM);
    struct order *arguments = only_order(orders, ORDER_ARGUMENTS);
    struct order *environment = only_order(orders, ORDER_ENVIRONMENT);
    if (!program || !arguments || !environment)
        fail(orders, STEP_READ_ORDERS, 0, -EPROTO);
    char **argv = (char **)orders->end;
    char **envp = text_vector(arguments, argv);
    text_vector(environment, envp);
    allow_signals();
    i64 result = call(execve, text_at(program, 0), argv, envp);
    fail(orders, STEP_EXECUTE, program, result);
}

static void NEVER_RETURNS open_as_somebody_else(struct orders *orders, struct order *order)
{
    drop_bounding(orders);
    change_identity(orders);
    set_capabilities(orders);
    verify_rights(orders);
    open_files(orders);
    place_descriptors(orders);
    hand_over(orders, order);
    leave();
}

/* The order of the steps, and its reasons, are in docs/start.md. */
void NEVER_RETURNS run(long *stack)
{
    if (stack[0] > 2)
        detach(stack[0], (char **)stack + 1);
    if (stack[0] != 2)
        leave();
    control = control_number((char *)stack[2]);
    call(fcntl, control, F_SETFD, FD_CLOEXEC);
    struct orders orders = read_orders();
    struct order *handing_over = only_order(&orders, ORDER_HAND_OVER);
    if (handing_over)
        open_as_somebody_else(&orders, handing_over);

    reset_signals();
    new_session(&orders);
    open_files(&orders);
    place_descriptors(&orders);
    close_others(&orders);
    change_directory(&orders);
    set_umask(&orders);
    set_oom_score(&orders);
    set_scheduling(&orders);
    join_cgroups(&orders);
    take_pid_file(&orders);
    take_leases(&orders);
    register_with_daemons(&orders);
    set_label(&orders);
    no_new_privileges(&orders);
    restrict_files(&orders);
    set_limits(&orders);
    drop_bounding(&orders);
    change_identity(&orders);
    set_capabilities(&orders);
    verify_rights(&orders);
    set_parent_death_signal(&orders);
    shake_hands(&orders);
    execute(&orders);
}

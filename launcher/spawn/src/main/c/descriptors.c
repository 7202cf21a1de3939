/* Descriptors: opened, put at the numbers the program expects, everything else closed.
 *
 * The spawner has put the control socket and the descriptors to inherit above every number asked for, and opened files
 * are moved there too, so placing one can never overwrite another. */
#include "executor.h"

static i32 flags_of(u32 wanted)
{
    static const i32 access[4] = { O_RDONLY, O_WRONLY, O_RDWR, O_RDONLY };
    i32 flags = access[wanted & OPEN_ACCESS] | O_NOCTTY | O_CLOEXEC;
    if (wanted & OPEN_APPEND)
        flags |= O_APPEND;
    if (wanted & OPEN_CREATE)
        flags |= O_CREAT;
    if (wanted & OPEN_TRUNCATE)
        flags |= O_TRUNC;
    return flags;
}

static i64 open_ordered(struct open_order *wanted)
{
    i64 opened;
    do
        opened = call(openat, AT_FDCWD, wanted->path, flags_of(wanted->flags), wanted->permissions);
    while (opened == -EINTR);
    return opened;
}

/* Opens every file and leaves its number, above all targets, where the order had the flags. */
void open_files(struct orders *orders)
{
    for (struct order *order = 0; (order = next_order(orders, ORDER_OPEN, order));) {
        struct open_order *wanted = (struct open_order *)order->payload;
        i64 opened = must(orders, STEP_OPEN_FILE, order, open_ordered(wanted));
        i64 high = must(orders, STEP_PLACE_DESCRIPTORS, order, call(fcntl, opened, F_DUPFD_CLOEXEC, control + 1));
        call(close, opened);
        wanted->flags = (u32)high;
    }
}

static void place(struct orders *orders, struct order *order, u32 from, u32 target)
{
    must(orders, STEP_PLACE_DESCRIPTORS, order, call(dup3, from, target, 0));
}

static void place_null(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_NULL);
    if (!order)
        return;
    i64 null = must(orders, STEP_OPEN_FILE, order, call(openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC));
    i64 high = must(orders, STEP_PLACE_DESCRIPTORS, order, call(fcntl, null, F_DUPFD_CLOEXEC, control + 1));
    for (; order; order = next_order(orders, ORDER_NULL, order))
        place(orders, order, (u32)high, number_at(order, 0));
}

void place_descriptors(struct orders *orders)
{
    place_null(orders);
    for (struct order *order = 0; (order = next_order(orders, ORDER_OPEN, order));)
        place(orders, order, number_at(order, 4), number_at(order, 0));
    for (struct order *order = 0; (order = next_order(orders, ORDER_INHERIT, order));)
        place(orders, order, number_at(order, 0), number_at(order, 4));
    for (struct order *order = 0; (order = next_order(orders, ORDER_SAME, order));)
        place(orders, order, number_at(order, 0), number_at(order, 4));
}

static u32 target_of(const struct order *order)
{
    return order->type == ORDER_INHERIT || order->type == ORDER_SAME ? number_at(order, 4) : number_at(order, 0);
}

static const u16 placing_orders[] = { ORDER_NULL, ORDER_OPEN, ORDER_INHERIT, ORDER_SAME };

/* The lowest number from `from` on that must stay open. */
static u32 next_kept(struct orders *orders, u32 from)
{
    u32 lowest = (u32)control;
    for (u32 i = 0; i < sizeof placing_orders / sizeof placing_orders[0]; i++)
        for (struct order *order = 0; (order = next_order(orders, placing_orders[i], order));)
            if (target_of(order) >= from && target_of(order) < lowest)
                lowest = target_of(order);
    return lowest;
}

/* The spawner's own descriptors leak in here (the JVM opens files without O_CLOEXEC); none reaches the program. */
void close_others(struct orders *orders)
{
    u32 from = 0;
    while (from < (u32)control) {
        u32 kept = next_kept(orders, from);
        if (kept > from)
            must(orders, STEP_PLACE_DESCRIPTORS, 0, call(close_range, from, kept - 1, 0));
        from = kept + 1;
    }
    must(orders, STEP_PLACE_DESCRIPTORS, 0, call(close_range, control + 1, ~0u, 0));
}

/* Sends an opened file back to the spawner (unix(7), SCM_RIGHTS), instead of executing a program. */
void hand_over(struct orders *orders, struct order *order)
{
    struct report report = { REPORT_READY, STEP_SEND_DESCRIPTOR, 0, ~0u };
    struct io_vector vector = { &report, sizeof report };
    struct descriptor_message rights = { 20, SOL_SOCKET, SCM_RIGHTS, (i32)number_at(order, 0), 0 };
    struct message message = {
        .vectors = &vector, .vector_count = 1, .control = &rights, .control_length = sizeof rights
    };
    must(orders, STEP_SEND_DESCRIPTOR, order, call(sendmsg, control, &message, MSG_NOSIGNAL));
    leave();
}

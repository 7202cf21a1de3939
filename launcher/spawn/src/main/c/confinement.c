/* Rights, taken away one after the other; nothing gives one back. */
#include "executor.h"

/* Does not hinder any step below, only execve. Landlock wants it of a process without CAP_SYS_ADMIN. */
void no_new_privileges(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_NO_NEW_PRIVILEGES);
    if (order)
        must(orders, STEP_NO_NEW_PRIVILEGES, order, call(prctl, PR_SET_NO_NEW_PRIVS, 1));
}

/* The rights on files that each version of Landlock has brought (landlock(7)); older kernels refuse newer ones. */
static u64 known_access(i64 version)
{
    static const u64 known[] = { 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff };
    return known[version > 5 ? 4 : version - 1];
}

/* What can be granted on a file that is no folder: execute, write, read, truncate, ioctl on devices. */
enum { ACCESS_ON_FILE = 0x1 | 0x2 | 0x4 | 0x4000 | 0x8000 };

static void allow_path(struct orders *orders, i64 ruleset, struct order *order, u64 known)
{
    u32 flags = number_at(order, 8);
    struct open_how how = { O_PATH | O_CLOEXEC, 0, flags & LANDLOCK_EXACT ? RESOLVE_NO_SYMLINKS : 0 };
    i64 opened = call(openat2, AT_FDCWD, text_at(order, 16), &how, sizeof how);
    if ((opened == -ENOENT || opened == -ENOTDIR) && flags & LANDLOCK_OPTIONAL)
        return;
    must(orders, STEP_LANDLOCK, order, opened);
    struct stat found;
    must(orders, STEP_LANDLOCK, order, call(fstat, opened, &found));
    u64 wanted = wide_number_at(order, 0) & known;
    if ((found.mode & S_IFMT) != S_IFDIR)
        wanted &= ACCESS_ON_FILE;
    struct landlock_path rule = { wanted, (i32)opened };
    must(orders, STEP_LANDLOCK, order, call(landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0));
    call(close, opened);
}

void restrict_files(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_LANDLOCK);
    if (!order)
        return;
    i64 version = must(orders, STEP_LANDLOCK, order, call(landlock_create_ruleset, 0, 0, LANDLOCK_CREATE_RULESET_VERSION));
    u64 known = known_access(version);
    struct landlock_ruleset handled = { wide_number_at(order, 0) & known, version >= 4 ? wide_number_at(order, 16) : 0,
                                        version >= 6 ? wide_number_at(order, 8) : 0 };
    if (!handled.handled_fs && !handled.handled_net && !handled.scopes) /* nothing it knows: an empty ruleset is refused */
        return;
    i64 ruleset = must(orders, STEP_LANDLOCK, order, call(landlock_create_ruleset, &handled, sizeof handled, 0));
    for (struct order *rule = 0; (rule = next_order(orders, ORDER_LANDLOCK_RULE, rule));)
        allow_path(orders, ruleset, rule, known & handled.handled_fs);
    must(orders, STEP_LANDLOCK, order, call(landlock_restrict_self, ruleset, 0));
    call(close, ruleset);
}

/* The kernel's own last capability ends the loop: reading a higher one is EINVAL. */
void drop_bounding(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_CAPABILITIES);
    if (!order)
        return;
    u64 kept = wide_number_at(order, 0);
    for (u32 capability = 0; capability < 64; capability++) {
        i64 present = call(prctl, PR_CAPBSET_READ, capability);
        if (present < 0)
            break;
        if (present == 1 && !((kept >> capability) & 1))
            must(orders, STEP_DROP_BOUNDING, order, call(prctl, PR_CAPBSET_DROP, capability));
    }
}

void change_identity(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_IDENTITY);
    if (!order)
        return;
    struct identity_order *who = (struct identity_order *)order->payload;
    if (only_order(orders, ORDER_CAPABILITIES)) /* set_capabilities keeps the right ones */
        must(orders, STEP_SET_CAPABILITIES, order, call(prctl, PR_SET_KEEPCAPS, 1));
    must(orders, STEP_SET_GROUPS, order, call(setgroups, who->count, who->groups));
    must(orders, STEP_SET_GID, order, call(setresgid, who->gid, who->gid, who->gid));
    must(orders, STEP_SET_UID, order, call(setresuid, who->uid, who->uid, who->uid));
}

void set_capabilities(struct orders *orders)
{
    struct order *order = only_order(orders, ORDER_CAPABILITIES);
    if (!order)
        return;
    u64 kept = wide_number_at(order, 0);
    struct capability_header header = { CAPABILITY_VERSION_3, 0 };
    u32 low = (u32)kept, high = (u32)(kept >> 32);
    struct capability_data data[2] = { { low, low, low }, { high, high, high } };
    must(orders, STEP_SET_CAPABILITIES, order, call(capset, &header, data));
    must(orders, STEP_SET_CAPABILITIES, order, call(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL));
    for (u32 capability = 0; capability < 64; capability++)
        if ((kept >> capability) & 1)
            must(orders, STEP_SET_CAPABILITIES, order, call(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability));
}

static void verify_identity(struct orders *orders, struct order *order, int may_change_back)
{
    struct identity_order *who = (struct identity_order *)order->payload;
    u32 real, effective, saved;
    call(getresgid, &real, &effective, &saved);
    if (real != who->gid || effective != who->gid || saved != who->gid)
        fail(orders, STEP_VERIFY, order, -EPERM);
    call(getresuid, &real, &effective, &saved);
    if (real != who->uid || effective != who->uid || saved != who->uid)
        fail(orders, STEP_VERIFY, order, -EPERM);
    if (who->uid != 0 && !may_change_back && call(setresuid, 0, 0, 0) == 0)
        fail(orders, STEP_VERIFY, order, -EPERM);
}

/* Asks the kernel whether it is as ordered, and whether root is really out of reach. */
void verify_rights(struct orders *orders)
{
    struct order *capabilities = only_order(orders, ORDER_CAPABILITIES);
    u64 kept = capabilities ? wide_number_at(capabilities, 0) : 0;
    if (capabilities) {
        struct capability_header header = { CAPABILITY_VERSION_3, 0 };
        struct capability_data data[2];
        must(orders, STEP_VERIFY, capabilities, call(capget, &header, data));
        if ((data[0].permitted | (u64)data[1].permitted << 32) != kept)
            fail(orders, STEP_VERIFY, capabilities, -EPERM);
    }
    struct order *identity = only_order(orders, ORDER_IDENTITY);
    if (identity)
        verify_identity(orders, identity, (int)(kept >> CAP_SETUID) & 1);
}

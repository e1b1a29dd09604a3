// Starting a program inside a pod's, node's or host's namespaces.
#ifndef CLINUX_PROCESS_H
#define CLINUX_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

// One mount(2) in the new process' own mount namespace.
struct lab_mount {
    const char *source;
    const char *target;
    const char *type;
    unsigned long flags;
    const char *data;
    // The mount is skipped where the target does not exist (ENOENT).
    int optional;
};

// The caller's namespace is kept.
enum { LAB_KEEP = -2 };

struct lab_process {
    int network_namespace;       // entered with setns; -1: the caller's
    int mount_namespace;         // entered with setns; -1: a new one, in which the mounts are made; LAB_KEEP
    int host_name_namespace;     // entered with setns; -1: a new one
    const char *host_name;       // set in a new host name namespace; NULL: kept
    const char *detach;          // a directory of namespace mounts to drop from a new mount namespace, or NULL
    const struct lab_mount *mounts;
    size_t mount_count;
    const char *directory;       // working directory, or NULL; "/" where it cannot be entered
    const char *const *candidates; // paths to try in order, NULL-terminated
    char *const *arguments;
    char *const *environment;
    int standard_io[3];          // descriptors that become 0, 1 and 2; -1: kept
    int new_session;             // setsid(2)
    int controlling_terminal;    // standard input becomes the session's terminal (TIOCSCTTY)
    int death_signal;            // PR_SET_PDEATHSIG; 0: none
    // The program begins with a table of so many descriptors, as far as the hard limit permits; 0: as it comes. Where a
    // process with threads has to enlarge its table, it waits for a grace period of RCU (expand_files in fs/file.c).
    int descriptors;
};

// Where starting a process failed.
enum lab_process_stage {
    LAB_STAGE_NONE = 0,
    LAB_STAGE_CLONE,
    LAB_STAGE_NETWORK_NAMESPACE,
    LAB_STAGE_MOUNT_NAMESPACE,
    LAB_STAGE_HOST_NAME,
    LAB_STAGE_MOUNT,
    LAB_STAGE_STANDARD_IO,
    LAB_STAGE_SESSION,
    LAB_STAGE_EXECUTE,
};

struct lab_process_failure {
    enum lab_process_stage stage;
    int error;                   // errno
    size_t mount_index;          // with LAB_STAGE_MOUNT
};

// Opens a pseudo-terminal (pty(7)): both ends, close-on-exec. Returns 0, or -1 with errno.
int lab_open_terminal(int *primary, int *secondary);

// clone(CLONE_VM | CLONE_VFORK | CLONE_PIDFD): the child makes system calls only, so it is safe in a
// process with threads. Returns the pid and stores the pidfd, or returns -1 and fills the failure.
pid_t lab_spawn(const struct lab_process *process, int *pidfd, struct lab_process_failure *failure);

// Turns the calling process into the program, inside the namespaces. Returns only on failure.
void lab_execute(const struct lab_process *process, struct lab_process_failure *failure);

#endif

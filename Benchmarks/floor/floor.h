// The floor: the kernel requests that a lab amounts to, made by a C program that does nothing else.
//
// Everything that is not a kernel request (reading the list, encoding messages that hold no descriptor) happens before
// the clock starts.
#ifndef FLOOR_H
#define FLOOR_H

#include <stddef.h>
#include <stdint.h>

enum kind {
    NAMESPACE,  // unshare, bind mount, sysctls, return
    OFFLOAD,    // SIOCETHTOOL
    VETH,       // RTM_NEWLINK with a descriptor of the far end's namespace
    MESSAGE,    // any other rtnetlink request
};

// A setting by its directory below /proc/sys, such as net/ipv4, and its path from there.
struct sysctl {
    char *directory;
    char *path;
    char *value;
    int optional;
};

struct operation {
    enum kind kind;
    int namespace;
    int far;              // VETH: the other namespace
    char *name;           // NAMESPACE: its path; OFFLOAD: the interface
    struct sysctl *sysctls;
    size_t sysctl_count;
    uint8_t *message;     // VETH, MESSAGE: an encoded request
    size_t size;
    size_t descriptor_at; // VETH: where in the message the descriptor goes
};

struct list {
    struct operation *operations;
    size_t count;
    int namespaces;
};

// Reads a list of operations from a file; ends the program where it cannot be read or understood. `first_index` is the
// index of the first interface that is made in a new namespace.
struct list read_list(const char *path, const char *directory, int first_index);

// Carries the operations out. Ends the program where the kernel refuses one.
void build(const struct list *list);

// Ends the program with errno's text.
void fail(const char *what, const char *subject);

// Makes the calling process' network namespace a new one, bound to a path.
void bind_new_namespace(const char *path);

// Waits until the kernel has taken down every namespace that lost its last reference before the call.
void settle(void);

#endif

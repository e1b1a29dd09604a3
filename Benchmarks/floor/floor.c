#define _GNU_SOURCE
#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "usage: floor build LIST DIRECTORY     carry out a list of operations, namespaces below DIRECTORY\n"
    "       floor remove LIST DIRECTORY    remove the list's namespaces\n"
    "       floor bare COUNT DIRECTORY     make and bind namespaces, nothing in them\n"
    "       floor unbare COUNT DIRECTORY   remove them\n"
    "       floor settle                   wait until the kernel has taken down what was removed\n"
    "       floor peak COMMAND...          run a command; prints the most KiB that it had in memory\n"
    "Prints the nanoseconds that the kernel requests took.\n";

void fail(const char *what, const char *subject) {
    fprintf(stderr, "floor: cannot %s %s: %s\n", what, subject, strerror(errno));
    exit(1);
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// The index that the first interface of a new namespace gets; tunnel modules put devices of their own in each.
static int first_index(void) {
    int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (home < 0 || unshare(CLONE_NEWNET)) fail("make", "a namespace");
    struct if_nameindex *all = if_nameindex();
    int highest = 1;
    for (struct if_nameindex *next = all; next && next->if_index; next++)
        if ((int)next->if_index > highest) highest = (int)next->if_index;
    if_freenameindex(all);
    if (setns(home, CLONE_NEWNET)) fail("leave", "a namespace");
    close(home);
    return highest + 1;
}

static void remove_namespace(const char *path) {
    if (umount2(path, MNT_DETACH)) fail("unmount", path);
    if (unlink(path)) fail("remove", path);
}

static char **bare_paths(const char *directory, int count) {
    char **paths = calloc((size_t)count, sizeof *paths);
    for (int i = 0; i < count; i++)
        if (asprintf(&paths[i], "%s/bare-%d", directory, i) < 0) fail("name", "a namespace");
    return paths;
}

static void bare(char **paths, int count) {
    int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    for (int i = 0; i < count; i++) bind_new_namespace(paths[i]);
    setns(home, CLONE_NEWNET);
    close(home);
}

static long long run(const char *verb, const char *argument, const char *directory) {
    if (strcmp(verb, "bare") == 0 || strcmp(verb, "unbare") == 0) {
        int count = atoi(argument);
        char **paths = bare_paths(directory, count);
        long long start = now();
        if (strcmp(verb, "bare") == 0) bare(paths, count);
        else
            for (int i = 0; i < count; i++) remove_namespace(paths[i]);
        return now() - start;
    }
    struct list list = read_list(argument, directory, first_index());
    long long start = now();
    if (strcmp(verb, "build") == 0) build(&list);
    else if (strcmp(verb, "remove") == 0) {
        for (size_t i = 0; i < list.count; i++)
            if (list.operations[i].kind == NAMESPACE) remove_namespace(list.operations[i].name);
    } else {
        fputs(usage, stderr);
        exit(2);
    }
    return now() - start;
}

static int peak(char **command) {
    pid_t child = fork();
    if (child < 0) fail("fork", command[0]);
    if (child == 0) {
        execvp(command[0], command);
        fail("execute", command[0]);
    }
    int status;
    struct rusage usage;
    while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR) fail("wait for", command[0]);
    printf("%ld\n", usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int count, char **arguments) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (count > 2 && strcmp(arguments[1], "peak") == 0) return peak(arguments + 2);
    long long elapsed;
    if (count == 2 && strcmp(arguments[1], "settle") == 0) {
        long long start = now();
        settle();
        elapsed = now() - start;
    } else if (count == 4) {
        elapsed = run(arguments[1], arguments[2], arguments[3]);
    } else {
        fputs(usage, stderr);
        return 2;
    }
    printf("%lld\n", elapsed);
    return 0;
}

/*
 * Two repairs to Kamailio 5.6, which Debian 12 has. It is preloaded.
 *
 * Kamailio 5.6 with OpenSSL 3: give every worker process its own thread-local state in libcrypto.
 *
 * Kamailio's tls module makes OpenSSL allocate in memory that all processes share, and initialises it before it forks. The
 * pointers that libcrypto keeps in thread-local storage (its error queue, its random generators) are then inherited by
 * every worker: all of them use one error queue without a lock, and sooner or later one frees what another still uses, and
 * the edge aborts (https://github.com/kamailio/kamailio/issues/3791). Kamailio 5.8 resets these pointers after each fork
 * (tls_threads_mode = 2). This library does the same for 5.6.
 *
 * Kamailio's db_sqlite module lets a write fail at once when another process is writing, and a call then loses its way.
 * This library makes SQLite wait for its turn.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

typedef struct sqlite3 sqlite3;

#define MOST_KEYS 64

static pthread_key_t crypto_keys[MOST_KEYS];
static int crypto_key_count;

/* Forget, and do not free: the memory belongs to the process that forked. */
static void forget_inherited_state(void)
{
    for (int i = 0; i < crypto_key_count; i++)
        pthread_setspecific(crypto_keys[i], NULL);
}

/* Stands before libc's function of that name, so that it learns which keys libcrypto makes. */
int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    static int (*create)(pthread_key_t *, void (*)(void *));
    Dl_info caller;

    if (create == NULL) {
        create = (int (*)(pthread_key_t *, void (*)(void *)))dlsym(RTLD_NEXT, "pthread_key_create");
        pthread_atfork(NULL, NULL, forget_inherited_state);
    }
    int result = create(key, destructor);
    if (result == 0 && crypto_key_count < MOST_KEYS && dladdr(__builtin_return_address(0), &caller) != 0
        && caller.dli_fname != NULL && strstr(caller.dli_fname, "/libcrypto.so") != NULL)
        crypto_keys[crypto_key_count++] = *key;
    return result;
}

#define WAIT_MILLISECONDS 2000

/* Stands before SQLite's function of that name. SQLite came with the db_sqlite module, out of sight of RTLD_NEXT. */
int sqlite3_open_v2(const char *name, sqlite3 **connection, int flags, const char *vfs)
{
    void *library = dlopen("libsqlite3.so.0", RTLD_LAZY | RTLD_NOLOAD);
    int (*open)(const char *, sqlite3 **, int, const char *);
    int (*busy_timeout)(sqlite3 *, int);

    if (library == NULL)
        return 14; /* SQLITE_CANTOPEN */
    open = (int (*)(const char *, sqlite3 **, int, const char *))dlsym(library, "sqlite3_open_v2");
    busy_timeout = (int (*)(sqlite3 *, int))dlsym(library, "sqlite3_busy_timeout");
    int result = open(name, connection, flags, vfs);
    if (result == 0)
        busy_timeout(*connection, WAIT_MILLISECONDS);
    return result;
}

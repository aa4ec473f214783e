/*
 * Kamailio 5.6 with OpenSSL 3: give every worker process its own thread-local state in libcrypto.
 *
 * Kamailio's tls module makes OpenSSL allocate in memory that all processes share, and initialises it before it forks. The
 * pointers that libcrypto keeps in thread-local storage (its error queue, its random generators) are then inherited by
 * every worker: all of them use one error queue without a lock, and sooner or later one frees what another still uses, and
 * the edge aborts (https://github.com/kamailio/kamailio/issues/3791). Kamailio 5.8 resets these pointers after each fork
 * (tls_threads_mode = 2). For 5.6, which Debian 12 has, this library does the same when it is preloaded.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

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

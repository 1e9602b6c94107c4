// What a compiler has to find: asked for so that the folder one works in is not looked into.
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

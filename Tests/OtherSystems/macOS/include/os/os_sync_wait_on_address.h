#include "../apple.h"

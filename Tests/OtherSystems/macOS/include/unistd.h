#include "apple.h"

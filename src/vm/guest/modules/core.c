// SPDX-License-Identifier: GPL-2.0
/*
 * core: has /sys/module/core/parameters/async_shutdown of a kernel that shuts devices down asynchronously.
 *
 * The parameter has no effect: the kernel's own walk remains serial.
 */
#include <linux/module.h>

static bool async_shutdown = true;
module_param(async_shutdown, bool, 0644);
MODULE_PARM_DESC(async_shutdown, "shown, and nothing else");

static int __init core_init(void)
{
	return 0;
}

static void __exit core_exit(void)
{
}

module_init(core_init);
module_exit(core_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Parameter of a kernel that shuts devices down asynchronously");

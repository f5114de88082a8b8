// SPDX-License-Identifier: GPL-2.0
/*
 * hung_open: makes open(2) of one NVMe or SCSI disk hang, as may happen with a disk behind a dead transport.
 *
 * It redirects the driver's open function for the disk that the parameter disk names ("nvme0n1", "sda") to a function
 * that waits uninterruptibly until the parameter names another disk or none, then fails with EIO. Meanwhile the block
 * layer holds the disk's lock (bd_mutex in 5.10, open_mutex later), so any other open of the disk, or of a partition of
 * it, waits too.
 *
 * A disk with native multipath (nvme_ns_head_open) is not covered. The driver has to be loaded before this module.
 */
#include <linux/blkdev.h>
#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/version.h>

static char disk[DISK_NAME_LEN];
module_param_string(disk, disk, sizeof(disk), 0644);
MODULE_PARM_DESC(disk, "name of the disk whose open(2) does not return");

#define SLICE_MS 20

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
static struct gendisk *opened(unsigned long argument)
{
	return (struct gendisk *)argument;
}
#else
static struct gendisk *opened(unsigned long argument)
{
	return ((struct block_device *)argument)->bd_disk;
}
#endif

/* Replaces the driver's open(struct block_device *, fmode_t), from 6.5 on open(struct gendisk *, blk_mode_t). */
static int hang(void *which, unsigned int mode)
{
	struct gendisk *gendisk = opened((unsigned long)which);

	pr_info("hung_open: %s: %s hangs\n", gendisk->disk_name, current->comm);
	while (!strcmp(disk, gendisk->disk_name))
		msleep(SLICE_MS);
	pr_info("hung_open: %s: %s goes on\n", gendisk->disk_name, current->comm);
	return -EIO;
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define ftrace_regs pt_regs
#define ftrace_get_regs(regs) (regs)
#endif

static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	struct pt_regs *regs = ftrace_get_regs(fregs);

	if (!regs || strcmp(disk, opened(regs_get_kernel_argument(regs, 0))->disk_name))
		return;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	ftrace_regs_set_instruction_pointer(fregs, (unsigned long)hang);
#else
	regs->ip = (unsigned long)hang;
#endif
}

static struct ftrace_ops ops = {
	.func = redirect,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY,
};

static int __init hung_open_init(void)
{
	char *function = strncmp(disk, "nvme", 4) ? "sd_open" : "nvme_open";
	int error = ftrace_set_filter(&ops, function, strlen(function), 1);

	if (!error)
		error = register_ftrace_function(&ops);
	if (!error)
		pr_info("hung_open: no open of %s returns\n", disk);
	return error;
}

/* No exit function, because a thread may be in hang(): the module cannot be unloaded. */
module_init(hung_open_init);
MODULE_DESCRIPTION("A disk whose open(2) does not return");
MODULE_LICENSE("GPL");

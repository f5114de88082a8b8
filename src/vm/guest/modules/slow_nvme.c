// SPDX-License-Identifier: GPL-2.0
/*
 * slow_nvme: makes the shutdown of every NVMe drive on PCI take as long as a real drive's.
 *
 * QEMU's NVMe completes a shutdown notification at once; a real drive flushes its cache, saves its tables, and only then
 * sets CSTS.SHST, for which the driver waits. This module puts that wait back: it redirects the function that sends
 * the notification to one that sends it, then sleeps. What the driver's caller sees is a drive that takes delay_ms.
 *
 * The two lines that it logs per drive ("notified" and "complete") are what the test scenarios measure.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/version.h>

static unsigned int delay_ms = 3000;
module_param(delay_ms, uint, 0644);
MODULE_PARM_DESC(delay_ms, "how long the shutdown of a drive takes, in milliseconds");

static char *delays = "";
module_param(delays, charp, 0444);
MODULE_PARM_DESC(delays, "exceptions by PCI name: 0000:01:00.0=500,0000:02:00.0=9000");

struct nvme_ctrl;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define TARGET "nvme_disable_ctrl"
int nvme_disable_ctrl(struct nvme_ctrl *ctrl, bool shutdown);
#else
#define TARGET "nvme_shutdown_ctrl"
int nvme_shutdown_ctrl(struct nvme_ctrl *ctrl);
#endif

#define MOST 256

/* The controllers that were there at load time: nvme_ctrl is opaque to us, its address is all we know of it. */
static struct {
	struct nvme_ctrl *ctrl;
	char name[32];
	unsigned int delay_ms;
} drives[MOST];
static int count;

static unsigned int delay_of(const char *name)
{
	const char *at = strstr(delays, name);
	unsigned int value;

	if (at && at[strlen(name)] == '=' && sscanf(at + strlen(name) + 1, "%u", &value) == 1)
		return value;
	return delay_ms;
}

static int remember(struct device *child, void *data)
{
	struct pci_dev *pdev = data;

	/* The driver's class device is named nvmeN, and its drvdata is the controller. */
	if (strncmp(dev_name(child), "nvme", 4) || !dev_get_drvdata(child) || count == MOST)
		return 0;
	drives[count].ctrl = dev_get_drvdata(child);
	strscpy(drives[count].name, pci_name(pdev), sizeof(drives[count].name));
	drives[count].delay_ms = delay_of(drives[count].name);
	count++;
	return 1;
}

static void linger(struct nvme_ctrl *ctrl, const char *what)
{
	int i;

	for (i = 0; i < count && drives[i].ctrl != ctrl; i++)
		;
	if (i == count) {
		pr_info("slow_nvme: unknown %s\n", what);
		return;
	}
	pr_info("slow_nvme: %s %s\n", drives[i].name, what);
	if (!strcmp(what, "notified"))
		msleep(drives[i].delay_ms);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
static int replacement(struct nvme_ctrl *ctrl, bool shutdown)
{
	int result = nvme_disable_ctrl(ctrl, shutdown);

	if (shutdown) {
		linger(ctrl, "notified");
		linger(ctrl, "complete");
	}
	return result;
}
#else
static int replacement(struct nvme_ctrl *ctrl)
{
	int result = nvme_shutdown_ctrl(ctrl);

	linger(ctrl, "notified");
	linger(ctrl, "complete");
	return result;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define ftrace_regs pt_regs
#define ftrace_get_regs(regs) (regs)
#endif

static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	/* Our own call of the original must reach it. */
	if (within_module(parent_ip, THIS_MODULE))
		return;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	ftrace_regs_set_instruction_pointer(fregs, (unsigned long)replacement);
#else
	ftrace_get_regs(fregs)->ip = (unsigned long)replacement;
#endif
}

static struct ftrace_ops ops = {
	.func = redirect,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY,
};

static int __init slow_nvme_init(void)
{
	struct pci_dev *pdev = NULL;
	int error;

	for_each_pci_dev(pdev)
		if (pdev->driver && !strcmp(pdev->driver->name, "nvme"))
			device_for_each_child(&pdev->dev, pdev, remember);

	error = ftrace_set_filter(&ops, TARGET, strlen(TARGET), 1);
	if (!error)
		error = register_ftrace_function(&ops);
	if (!error)
		pr_info("slow_nvme: %d drives, %u ms each\n", count, delay_ms);
	return error;
}

static void __exit slow_nvme_exit(void)
{
	unregister_ftrace_function(&ops);
}

module_init(slow_nvme_init);
module_exit(slow_nvme_exit);
MODULE_DESCRIPTION("NVMe drives that take their time to shut down");
MODULE_LICENSE("GPL");

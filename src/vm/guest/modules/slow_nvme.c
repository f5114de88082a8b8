// SPDX-License-Identifier: GPL-2.0
/*
 * slow_nvme: makes the shutdown of each NVMe drive on PCI take as long as a real drive's, and that of other controllers
 * if elsewhere_ms is set.
 *
 * QEMU's NVMe drives complete a shutdown notification at once; a real drive flushes its cache, saves its tables, and
 * only then sets CSTS.SHST, for which the driver waits. This module adds that wait: it redirects the function that
 * sends the notification to a function that sends it and then sleeps. To the driver's caller, the drive takes delay_ms.
 *
 * As in the driver (nvme_shutdown_ctrl() up to 6.1, nvme_wait_ready() from 6.2) the wait consists of short sleeps, and
 * ends early, with -EINTR, once the waiting thread has a fatal signal pending.
 *
 * The scenarios measure the lines that it logs per drive: "notified", then "complete" or "cut short after N ms".
 *
 * The removal of the drive that the parameter stuck names hangs: nvme_remove() waits in nvme_remove_namespaces(), which
 * nvme_shutdown() does not call, uninterruptibly and without a limit, until the parameter names another drive or none.
 *
 * All parameters may be changed while the module is loaded.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/ftrace.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sched/signal.h>
#include <linux/version.h>

static unsigned int delay_ms = 3000;
module_param(delay_ms, uint, 0644);
MODULE_PARM_DESC(delay_ms, "how long the shutdown of a drive takes, in milliseconds");

static char delays[1024];
module_param_string(delays, delays, sizeof(delays), 0644);
MODULE_PARM_DESC(delays, "exceptions by PCI name: 0000:01:00.0=500,0000:02:00.0=9000");

static unsigned int elsewhere_ms;
module_param(elsewhere_ms, uint, 0644);
MODULE_PARM_DESC(elsewhere_ms, "the same for a controller that is not on PCI, which is called unknown");

static char stuck[32];
module_param_string(stuck, stuck, sizeof(stuck), 0644);
MODULE_PARM_DESC(stuck, "PCI name of the drive whose removal does not end");

struct nvme_ctrl;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define NOTIFY "nvme_disable_ctrl"
int nvme_disable_ctrl(struct nvme_ctrl *ctrl, bool shutdown);
#else
#define NOTIFY "nvme_shutdown_ctrl"
int nvme_shutdown_ctrl(struct nvme_ctrl *ctrl);
#endif

#define REMOVE "nvme_remove_namespaces"
void nvme_remove_namespaces(struct nvme_ctrl *ctrl);

#define SLICE_MS 20

/* nvme_ctrl is opaque here: it is the drvdata of the driver's class device nvmeN, a child of the PCI device. */
static int is_controller(struct device *child, void *ctrl)
{
	return !strncmp(dev_name(child), "nvme", 4) && dev_get_drvdata(child) == ctrl;
}

/* Stores the PCI name of a controller, or "unknown" if it is not on PCI. */
static void name_of(struct nvme_ctrl *ctrl, char *name, size_t size)
{
	struct pci_dev *pdev = NULL;

	strscpy(name, "unknown", size);
	for_each_pci_dev(pdev) {
		if (device_for_each_child(&pdev->dev, ctrl, is_controller)) {
			strscpy(name, pci_name(pdev), size);
			pci_dev_put(pdev);
			break;
		}
	}
}

static unsigned int delay_of(const char *name)
{
	const char *at = strstr(delays, name);
	unsigned int value;

	if (!strcmp(name, "unknown"))
		return elsewhere_ms;
	if (at && at[strlen(name)] == '=' && sscanf(at + strlen(name) + 1, "%u", &value) == 1)
		return value;
	return delay_ms;
}

static int linger(struct nvme_ctrl *ctrl)
{
	unsigned long begin = jiffies;
	unsigned long end;
	char name[32];

	name_of(ctrl, name, sizeof(name));
	end = begin + msecs_to_jiffies(delay_of(name));
	pr_info("slow_nvme: %s notified\n", name);
	while (time_before(jiffies, end)) {
		if (fatal_signal_pending(current)) {
			pr_info("slow_nvme: %s cut short after %u ms\n", name, jiffies_to_msecs(jiffies - begin));
			return -EINTR;
		}
		msleep(min_t(unsigned int, SLICE_MS, jiffies_to_msecs(end - jiffies)));
	}
	pr_info("slow_nvme: %s complete\n", name);
	return 0;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
static int notify(struct nvme_ctrl *ctrl, bool shutdown)
{
	int result = nvme_disable_ctrl(ctrl, shutdown);
	int waited = shutdown ? linger(ctrl) : 0;

	return result ? result : waited;
}
#else
static int notify(struct nvme_ctrl *ctrl)
{
	int result = nvme_shutdown_ctrl(ctrl);
	int waited = linger(ctrl);

	return result ? result : waited;
}
#endif

static void remove(struct nvme_ctrl *ctrl)
{
	char name[32];

	name_of(ctrl, name, sizeof(name));
	if (!strcmp(stuck, name)) {
		pr_info("slow_nvme: %s is stuck\n", name);
		while (!strcmp(stuck, name))
			msleep(SLICE_MS);
		pr_info("slow_nvme: %s goes on\n", name);
	}
	nvme_remove_namespaces(ctrl);
	/* Prevents a tail call: its caller would be the driver, so redirect() would redirect it to this function again. */
	barrier();
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define ftrace_regs pt_regs
#define ftrace_get_regs(regs) (regs)
#endif

static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	/* The module's own call of the original function must reach it. */
	if (within_module(parent_ip, THIS_MODULE))
		return;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	ftrace_regs_set_instruction_pointer(fregs, (unsigned long)ops->private);
#else
	ftrace_get_regs(fregs)->ip = (unsigned long)ops->private;
#endif
}

static struct ftrace_ops notify_ops = {
	.func = redirect,
	.private = notify,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY,
};

static struct ftrace_ops remove_ops = {
	.func = redirect,
	.private = remove,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY,
};

static int __init redirect_calls_of(char *function, struct ftrace_ops *ops)
{
	int error = ftrace_set_filter(ops, function, strlen(function), 1);

	return error ? error : register_ftrace_function(ops);
}

static int __init slow_nvme_init(void)
{
	struct pci_dev *pdev = NULL;
	int count = 0;
	int error = redirect_calls_of(NOTIFY, &notify_ops);

	if (error)
		return error;
	error = redirect_calls_of(REMOVE, &remove_ops);
	if (error) {
		unregister_ftrace_function(&notify_ops);
		return error;
	}
	for_each_pci_dev(pdev)
		count += pdev->driver && !strcmp(pdev->driver->name, "nvme");
	pr_info("slow_nvme: %d drives, %u ms each\n", count, delay_ms);
	return 0;
}

/* No exit function, because a thread may be in a function above: the module cannot be unloaded. */
module_init(slow_nvme_init);
MODULE_DESCRIPTION("NVMe drives that take their time to shut down");
MODULE_LICENSE("GPL");

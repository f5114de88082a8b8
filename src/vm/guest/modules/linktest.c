// SPDX-License-Identifier: GPL-2.0
/*
 * linktest: platform devices that are connected by device links, with a driver that logs each remove and shutdown.
 *
 *   linktest-parent.0              linktest-parent.1
 *     linktest.0  <--consumer of--   linktest.1
 *     linktest.2  --consumer of-->   linktest.1
 *     linktest.3  (free)             linktest.4  (no driver; sync_state_only consumer of linktest.0)
 *                                      linktest.5  <--consumer of-- linktest.0
 *
 * The chain 2 -> 1 -> 0 -> 5 crosses both parents. The link from 4 to 0 would close a cycle (4 is the parent of 5,
 * which is a supplier of 0); the kernel allows it, because a sync_state_only link orders nothing.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mod_devicetable.h>
#include <linux/platform_device.h>
#include <linux/version.h>

static unsigned int delay_ms = 500;
module_param(delay_ms, uint, 0644);

#define DEVICES 6
static struct platform_device *parents[2];
static struct platform_device *devices[DEVICES];

static int probe(struct platform_device *pdev)
{
	return 0;
}

static void end(struct platform_device *pdev, const char *what)
{
	dev_info(&pdev->dev, "%s begins\n", what);
	msleep(delay_ms);
	dev_info(&pdev->dev, "%s ends\n", what);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
static void remove(struct platform_device *pdev)
{
	end(pdev, "remove");
}
#else
static int remove(struct platform_device *pdev)
{
	end(pdev, "remove");
	return 0;
}
#endif

static void shutdown(struct platform_device *pdev)
{
	end(pdev, "shutdown");
}

static const struct platform_device_id bound[] = { { "linktest" }, { "linktest-parent" }, {} };

static struct platform_driver driver = {
	.driver = { .name = "linktest" },
	.id_table = bound,
	.probe = probe,
	.remove = remove,
	.shutdown = shutdown,
};

static struct platform_device *add(struct platform_device *parent, const char *name, int id)
{
	struct platform_device_info info = { .name = name, .id = id, .parent = parent ? &parent->dev : NULL };

	return platform_device_register_full(&info);
}

static bool join(int consumer, int supplier, u32 flags)
{
	if (device_link_add(&devices[consumer]->dev, &devices[supplier]->dev, flags))
		return true;
	pr_err("linktest: no link from %d to %d\n", consumer, supplier);
	return false;
}

static int __init linktest_init(void)
{
	int error;

	parents[0] = add(NULL, "linktest-parent", 0);
	parents[1] = add(NULL, "linktest-parent", 1);
	devices[0] = add(parents[0], "linktest", 0);
	devices[1] = add(parents[1], "linktest", 1);
	devices[2] = add(parents[0], "linktest", 2);
	devices[3] = add(parents[0], "linktest", 3);
	devices[4] = add(parents[1], "linktest-driverless", 4);
	devices[5] = add(devices[4], "linktest", 5);

	/* A consumer is probed only after its suppliers are bound, so the links are added before the driver. */
	if (!join(0, 5, DL_FLAG_AUTOREMOVE_SUPPLIER) || !join(1, 0, DL_FLAG_AUTOREMOVE_SUPPLIER) ||
	    !join(2, 1, DL_FLAG_AUTOREMOVE_SUPPLIER) || !join(4, 0, DL_FLAG_SYNC_STATE_ONLY))
		return -EINVAL;
	error = platform_driver_register(&driver);
	pr_info("linktest: ready (%d)\n", error);
	return error;
}

/* No exit function: the module cannot be unloaded. */
module_init(linktest_init);
MODULE_DESCRIPTION("Devices joined by device links");
MODULE_LICENSE("GPL");

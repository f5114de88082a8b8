// SPDX-License-Identifier: Apache-2.0
package org.quiesced.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quiesced.kernel.User;

/**
 * The JSON of a user of a disk. Only the fields of its type are present.
 *
 * @param type the type of the user
 * @param node the partition or device node that it uses; absent if it uses the disk as a whole
 * @param path the mount point
 * @param name the name of the device, pool, VFIO group, target, gadget or cluster
 * @param mappedName the name in device-mapper
 * @param process the process
 * @param error why the users cannot be determined
 * @param description the user in words
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record UserJson(
        UserType type,
        Optional<String> node,
        Optional<String> path,
        Optional<String> name,
        Optional<String> mappedName,
        Optional<Process> process,
        Optional<String> error,
        Optional<String> description) {
    /**
     * A process.
     *
     * @param pid its process ID
     * @param command the name of its executable; absent if it has ended
     * @param unit its systemd unit; absent if it is in a container
     * @param container the first characters of the identifier of its container
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Process(int pid, Optional<String> command, Optional<String> unit, Optional<String> container) {}

    /** Returns a user as a chain: a holder, a pool or a loop device is followed by its own user, and so on. */
    static List<UserJson> chain(User user) {
        List<UserJson> chain = new ArrayList<>();
        add(chain, user, Optional.empty());
        return chain;
    }

    private static void add(List<UserJson> chain, User user, Optional<String> node) {
        if (user instanceof User.At at) {
            add(chain, at.user(), Optional.of(at.node()));
            return;
        }
        chain.add(of(user, node));
        if (user instanceof User.Holder holder) {
            holder.above().ifPresent(above -> add(chain, above, Optional.empty()));
        } else if (user instanceof User.ZfsPool pool) {
            pool.above().ifPresent(above -> add(chain, above, Optional.empty()));
        } else if (user instanceof User.Loop loop) {
            loop.above().ifPresent(above -> add(chain, above, Optional.empty()));
        }
    }

    private static UserJson of(User user, Optional<String> node) {
        if (user instanceof User.Mount mount) {
            return new UserJson(UserType.MOUNT, node, Optional.of(mount.point()), none(), none());
        } else if (user instanceof User.Swap) {
            return new UserJson(UserType.SWAP, node, none(), none(), none());
        } else if (user instanceof User.Holder holder) {
            return new UserJson(UserType.HOLDER, node, none(), Optional.of(holder.name()), holder.mapped());
        } else if (user instanceof User.ZfsPool pool) {
            return new UserJson(UserType.ZFS_POOL, node, none(), Optional.of(pool.name()), none());
        } else if (user instanceof User.Dependent dependent) {
            return new UserJson(UserType.DEPENDENT, node, none(), Optional.of(dependent.name()), none());
        } else if (user instanceof User.Zram zram) {
            return new UserJson(UserType.ZRAM, node, none(), Optional.of(zram.name()), none());
        } else if (user instanceof User.VfioGroup group) {
            return new UserJson(UserType.VFIO_GROUP, node, none(), Optional.of(group.number()), none());
        } else if (user instanceof User.Loop loop) {
            return new UserJson(UserType.LOOP_DEVICE, node, none(), Optional.of(loop.name()), none());
        } else if (user instanceof User.Export export) {
            return new UserJson(UserType.valueOf(export.by().name()), node, none(), export.name(), none());
        } else if (user instanceof User.Heartbeat heartbeat) {
            return new UserJson(UserType.CLUSTER_HEARTBEAT, node, none(), Optional.of(heartbeat.cluster()), none());
        } else if (user instanceof User.Open) {
            return new UserJson(UserType.OPEN, node, none(), none(), none());
        } else if (user instanceof User.Unlisted) {
            return new UserJson(UserType.UNLISTED, node, none(), none(), none());
        } else if (user instanceof User.Traffic) {
            return new UserJson(UserType.TRAFFIC, node, none(), none(), none());
        } else if (user instanceof User.Uncounted) {
            return new UserJson(UserType.UNCOUNTED, node, none(), none(), none());
        } else if (user instanceof User.Opener opener) {
            Process process = new Process(opener.pid(), opener.command(), opener.unit(), opener.container());
            return new UserJson(UserType.PROCESS, node, none(), none(), none(), Optional.of(process), none(), none());
        } else if (user instanceof User.Undetermined undetermined) {
            return new UserJson(
                    UserType.UNDETERMINED,
                    node,
                    none(),
                    none(),
                    none(),
                    none(),
                    Optional.of(undetermined.error()),
                    none());
        }
        return new UserJson(
                UserType.DESCRIBED, node, none(), none(), none(), none(), none(), Optional.of(user.describe()));
    }

    private UserJson(
            UserType type,
            Optional<String> node,
            Optional<String> path,
            Optional<String> name,
            Optional<String> mappedName) {
        this(type, node, path, name, mappedName, none(), none(), none());
    }

    private static <T> Optional<T> none() {
        return Optional.empty();
    }

    /** Converts a chain to a user. */
    static User user(List<UserJson> chain) {
        Optional<User> above = Optional.empty();
        for (int i = chain.size() - 1; i >= 0; i--) {
            above = Optional.of(chain.get(i).user(above));
        }
        return above.orElseGet(User.Unlisted::new);
    }

    private User user(Optional<User> above) {
        User user = bare(above);
        return node.<User>map(name -> new User.At(name, user)).orElse(user);
    }

    private User bare(Optional<User> above) {
        String text = name.orElse("");
        return switch (type) {
            case MOUNT -> new User.Mount(path.orElse(""));
            case SWAP -> new User.Swap();
            case HOLDER -> new User.Holder(text, mappedName, above);
            case ZFS_POOL -> new User.ZfsPool(text, above);
            case DEPENDENT -> new User.Dependent(text);
            case ZRAM -> new User.Zram(text);
            case VFIO_GROUP -> new User.VfioGroup(text);
            case PROCESS ->
                process.map(one -> new User.Opener(one.pid(), one.command(), one.unit(), one.container()))
                        .orElseThrow();
            case LOOP_DEVICE -> new User.Loop(text, above);
            case NVMET, LIO, USB_GADGET, RNBD, XEN, SCST -> new User.Export(User.Exporter.valueOf(type.name()), name);
            case CLUSTER_HEARTBEAT -> new User.Heartbeat(text);
            case OPEN -> new User.Open();
            case UNLISTED -> new User.Unlisted();
            case TRAFFIC -> new User.Traffic();
            case UNCOUNTED -> new User.Uncounted();
            case UNDETERMINED -> new User.Undetermined(error.orElse(""));
            case DESCRIBED -> new User.Described(description.orElse(""));
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.quiesced.varlink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A definition of a Varlink interface, which checks values. Supports the part of the language that this project uses.
 */
public final class Idl {
    private static final Pattern TOKEN = Pattern.compile("#[^\n]*|\\s+|->|\\[\\]|[?:,()]|[A-Za-z][A-Za-z0-9._]*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z](_?[A-Za-z0-9])*");
    private static final Pattern TYPE_NAME = Pattern.compile("[A-Z][A-Za-z0-9]*");

    private final Deque<String> tokens = new ArrayDeque<>();
    private final Map<String, Type> types = new LinkedHashMap<>();
    private final Map<String, Type> parameters = new LinkedHashMap<>();
    private final Map<String, Type> answers = new LinkedHashMap<>();
    private final Map<String, Type> errors = new LinkedHashMap<>();
    private final String name;

    /** A type; {@code check} adds the problems of a value. */
    private sealed interface Type {}

    private record Named(String name) implements Type {}

    private record Optional(Type type) implements Type {}

    private record Array(Type type) implements Type {}

    private record Struct(Map<String, Type> fields) implements Type {}

    private record Enumeration(Set<String> values) implements Type {}

    /** Reads a definition from the resources of the program. */
    public static Idl of(String name) throws IOException {
        try (InputStream stream = Idl.class.getResourceAsStream("/org/quiesced/daemon/" + name + ".varlink")) {
            return new Idl(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private Idl(String text) {
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (matcher.find()) {
            require(matcher.start() == end, "unknown text at " + text.substring(end, matcher.start()));
            end = matcher.end();
            if (!matcher.group().isBlank() && !matcher.group().startsWith("#")) {
                tokens.add(matcher.group());
            }
        }
        require(end == text.length(), "unknown text at the end");
        expect("interface");
        name = tokens.remove();
        while (!tokens.isEmpty()) {
            declaration();
        }
        types.values().forEach(this::resolve);
        parameters.values().forEach(this::resolve);
        answers.values().forEach(this::resolve);
        errors.values().forEach(this::resolve);
    }

    private void declaration() {
        String kind = tokens.remove();
        String declared = tokens.remove();
        require(TYPE_NAME.matcher(declared).matches(), declared + " is no name of a type");
        switch (kind) {
            case "type" -> types.put(declared, type());
            case "error" -> errors.put(declared, type());
            case "method" -> {
                parameters.put(declared, type());
                expect("->");
                answers.put(declared, type());
            }
            default -> throw new AssertionError(kind);
        }
    }

    private Type type() {
        String token = tokens.remove();
        return switch (token) {
            case "?" -> new Optional(type());
            case "[]" -> new Array(type());
            case "(" -> members();
            default -> new Named(token);
        };
    }

    private Type members() {
        Map<String, Type> fields = new LinkedHashMap<>();
        Set<String> values = new LinkedHashSet<>();
        while (!tokens.peek().equals(")")) {
            String member = tokens.remove();
            require(NAME.matcher(member).matches(), member + " is no name of a member");
            if (tokens.peek().equals(":")) {
                tokens.remove();
                fields.put(member, type());
            } else {
                values.add(member);
            }
            if (!tokens.peek().equals(")")) {
                expect(",");
            }
        }
        expect(")");
        require(fields.isEmpty() || values.isEmpty(), "fields and values");
        return values.isEmpty() ? new Struct(fields) : new Enumeration(values);
    }

    private void expect(String token) {
        String next = tokens.remove();
        require(next.equals(token), "expected " + token + ", found " + next);
    }

    private void resolve(Type type) {
        if (type instanceof Optional optional) {
            resolve(optional.type());
        } else if (type instanceof Array array) {
            resolve(array.type());
        } else if (type instanceof Struct struct) {
            struct.fields().values().forEach(this::resolve);
        } else if (type instanceof Named named) {
            require(
                    Set.of("bool", "int", "float", "string").contains(named.name()) || types.containsKey(named.name()),
                    named.name() + " is not declared");
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    /** Returns the names of the methods, qualified with the interface. */
    public List<String> methods() {
        return answers.keySet().stream().map(method -> name + "." + method).toList();
    }

    /** Returns the members of each type, method and error, by its name: values, fields, or parameters and results. */
    public Map<String, Set<String>> declarations() {
        Map<String, Set<String>> members = new LinkedHashMap<>();
        types.keySet().forEach(type -> members.put("type " + type, members(type)));
        for (String method : answers.keySet()) {
            Set<String> both = new LinkedHashSet<>(
                    ((Struct) parameters.get(method)).fields().keySet());
            both.addAll(((Struct) answers.get(method)).fields().keySet());
            members.put("method " + method, both);
        }
        errors.forEach((error, of) ->
                members.put("error " + error, ((Struct) of).fields().keySet()));
        return members;
    }

    /** Returns the values of an enumeration, or the fields of a structure. */
    public Set<String> members(String type) {
        return types.get(type) instanceof Enumeration enumeration
                ? enumeration.values()
                : ((Struct) types.get(type)).fields().keySet();
    }

    /** Returns the problems of a value of a type; empty if it is valid. */
    public List<String> wrongWith(String type, JsonNode value) {
        List<String> wrong = new ArrayList<>();
        check(new Named(type), value, type, wrong);
        return wrong;
    }

    /** Returns the problems of a reply to a method, in its parameters or in its error; empty if it is valid. */
    public List<String> wrongWithReply(String method, JsonNode reply) {
        List<String> wrong = new ArrayList<>();
        String error = reply.path("error").asString("");
        if (error.isEmpty()) {
            check(answers.get(method), reply.path("parameters"), method, wrong);
        } else if (!error.startsWith(name + ".") || !errors.containsKey(error.substring(name.length() + 1))) {
            wrong.add(error + " is no error of " + name);
        } else {
            check(errors.get(error.substring(name.length() + 1)), reply.path("parameters"), error, wrong);
        }
        return wrong;
    }

    private void check(Type type, JsonNode value, String where, List<String> wrong) {
        if (type instanceof Optional optional) {
            if (!value.isNull() && !value.isMissingNode()) {
                check(optional.type(), value, where, wrong);
            }
        } else if (type instanceof Array array) {
            if (!value.isArray()) {
                wrong.add(where + " is no array");
            }
            for (int i = 0; i < value.size(); i++) {
                check(array.type(), value.get(i), where + "[" + i + "]", wrong);
            }
        } else if (type instanceof Struct struct) {
            if (!value.isObject()) {
                wrong.add(where + " is no object: " + value);
            }
            for (String field : value.propertyNames()) {
                if (!struct.fields().containsKey(field)) {
                    wrong.add(where + "." + field + " is not declared");
                }
            }
            struct.fields().forEach((field, of) -> check(of, value.path(field), where + "." + field, wrong));
        } else if (type instanceof Enumeration enumeration) {
            if (!enumeration.values().contains(value.asString(""))) {
                wrong.add(where + " is none of its values: " + value);
            }
        } else if (type instanceof Named named && types.containsKey(named.name())) {
            check(types.get(named.name()), value, where, wrong);
        } else if (type instanceof Named named && !isBasic(named.name(), value)) {
            wrong.add(where + " is no " + named.name() + ": " + value);
        }
    }

    private static boolean isBasic(String type, JsonNode value) {
        return switch (type) {
            case "bool" -> value.isBoolean();
            case "int" -> value.isIntegralNumber();
            case "float" -> value.isNumber();
            default -> value.isString();
        };
    }
}

package partitura.probe;

import java.lang.reflect.Field;

/** What the official clients know and do not say: read, and once (the network client) replaced by one that also tells. */
final class Hidden {
    private Hidden() { }

    static Object get(Object of, String... names) {
        Object at = of;
        for (String name : names) {
            if (at == null) return null;
            try {
                at = field(at.getClass(), name).get(at);
            } catch (ReflectiveOperationException e) {
                return null;
            }
        }
        return at;
    }

    static void set(Object of, String name, Object value) {
        try {
            field(of.getClass(), name).set(of, value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            try {
                Field found = c.getDeclaredField(name);
                found.setAccessible(true);
                return found;
            } catch (NoSuchFieldException e) {
                // its parent may have it
            }
        }
        throw new NoSuchFieldException(name);
    }
}

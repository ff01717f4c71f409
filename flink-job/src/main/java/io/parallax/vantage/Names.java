package io.parallax.vantage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers names in the order of their appearance, so that a record holds an int where it means a text. */
public final class Names<T> {

    private final List<T> names = new ArrayList<>();
    private final Map<T, Integer> numbers = new HashMap<>();

    public int numberOf(T name) {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        numbers.put(name, names.size());
        names.add(name);
        return names.size() - 1;
    }

    public T get(int number) {
        return names.get(number);
    }

    /** All names, by number. */
    public List<T> all() {
        return names;
    }

    public Names<T> copy() {
        Names<T> copy = new Names<>();
        names.forEach(copy::numberOf);
        return copy;
    }
}

package io.github.lift4j.task;

import java.util.ArrayList;
import java.util.List;

/** Several sources as one, which owns them: the units of the first, then those of the second, and so on. */
public record JoinedSources(List<TaskSource> sources) implements TaskSource {

    public JoinedSources {
        sources = List.copyOf(sources);
    }

    @Override
    public int units() {
        return sources.stream().mapToInt(TaskSource::units).sum();
    }

    @Override
    public int tasksPerUnit() {
        return sources.stream().mapToInt(TaskSource::tasksPerUnit).max().orElse(1);
    }

    @Override
    public List<List<PreparedTask>> make(List<Integer> units) {
        List<List<PreparedTask>> made = new ArrayList<>(units.size());
        units.forEach(unit -> made.add(List.of()));
        int first = 0;
        for (TaskSource source : sources) {
            int from = first;
            int to = first + source.units();
            List<Integer> places = new ArrayList<>();
            List<Integer> own = new ArrayList<>();
            for (int i = 0; i < units.size(); i++) {
                if (units.get(i) >= from && units.get(i) < to) {
                    places.add(i);
                    own.add(units.get(i) - from);
                }
            }
            List<List<PreparedTask>> theirs = source.make(own);
            for (int i = 0; i < places.size(); i++) {
                made.set(places.get(i), theirs.get(i));
            }
            first = to;
        }
        return made;
    }

    @Override
    public void remember(List<Task> made) {
        sources.forEach(source -> source.remember(made));
    }

    @Override
    public Effort effort(List<Integer> units) {
        Effort all = Effort.NONE;
        int first = 0;
        for (TaskSource source : sources) {
            int from = first;
            int to = first + source.units();
            all = all.plus(source.effort(units.stream()
                    .filter(unit -> unit >= from && unit < to)
                    .map(unit -> unit - from)
                    .toList()));
            first = to;
        }
        return all;
    }

    @Override
    public void close() {
        sources.forEach(TaskSource::close);
    }
}

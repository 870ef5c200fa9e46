package io.github.lift4j.report;

import io.github.lift4j.evaluation.suite.FixedOrder;
import java.util.List;
import java.util.Optional;

/** What fixed orders have on a run's ordering sets, as it stands in a table of them. */
record FixedOrders(List<FixedOrder> orders) {

    FixedOrders {
        orders = List.copyOf(orders);
    }

    /** How far a mode is above the better one of the fixed order and the base model with the document in its window. */
    Optional<FixedOrder.Lead> lead(String model, Way way, Layout.Task task) {
        return find(model, task)
                .flatMap(order -> order.leads().stream()
                        .filter(lead -> new Way(lead.mode(), lead.recipe()).equals(way))
                        .findFirst());
    }

    /** The row below a model's modes; empty where the table has no ordering set with data. */
    Optional<Table.Row> row(String model, List<Layout.Task> tasks) {
        return tasks.stream().allMatch(task -> find(model, task).isEmpty())
                ? Optional.empty()
                : Optional.of(new Table.Row(
                        FixedOrder.Rival.FIXED_ORDER.toString(),
                        "",
                        tasks.stream()
                                .flatMap(task -> task.measures().stream().map(any -> cell(model, task)))
                                .toList()));
    }

    private Table.Cell cell(String model, Layout.Task task) {
        return find(model, task)
                .<Table.Cell>map(order -> new Table.Fixed(order, AnswerSections.anchor(task.set(), task.kind())))
                .orElse(new Table.Missing("no data"));
    }

    private Optional<FixedOrder> find(String model, Layout.Task task) {
        return orders.stream()
                .filter(order -> order.set().equals(task.set()) && order.model().equals(model))
                .findFirst();
    }
}

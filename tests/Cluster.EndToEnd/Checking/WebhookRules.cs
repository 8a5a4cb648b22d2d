using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.Cluster.EndToEnd.Webhooks;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// The rules of webhooks: every event of a virtual key is delivered at least once, first in the order of the key, and
/// signed. Messages may be repeated, also after later ones.
/// </summary>
internal static class WebhookRules
{
    private const string VirtualKeyPrefix = "vk_";

    /// <summary>Checks the deliveries of a run.</summary>
    /// <param name="events">The events in the database.</param>
    /// <param name="readAt">
    /// A time before the events were read. A message that arrived before must be of one of them.
    /// </param>
    /// <param name="projects">The projects that have a webhook.</param>
    /// <param name="deliveries">What the endpoints received.</param>
    /// <param name="isComplete">Whether every event must have been accepted by now.</param>
    public static IReadOnlyList<Violation> Check(
        IReadOnlyList<OwnerEvent> events,
        Moment readAt,
        IReadOnlySet<string> projects,
        IReadOnlyList<WebhookDelivery> deliveries,
        bool isComplete)
    {
        var expected = GetExpected(events, projects);
        var byPosition = deliveries.ToLookup(delivery => delivery.Position);
        return
        [
            .. expected.GroupBy(entry => entry.Event.Owner)
                .SelectMany(owner => CheckOrder([.. owner], byPosition, readAt, isComplete)),
            .. CheckMessages(events, expected, readAt, deliveries),
        ];
    }

    /// <summary>Returns the events that webhooks must deliver, in the order of their positions.</summary>
    public static IReadOnlyList<ExpectedDelivery> GetExpected(
        IEnumerable<OwnerEvent> events, IReadOnlySet<string> projects)
    {
        var states = new Dictionary<string, OwnerState>();
        var expected = new List<ExpectedDelivery>();
        foreach (var entry in events.OrderBy(entry => entry.Position))
        {
            var before = states.GetValueOrDefault(entry.Owner);
            states[entry.Owner] = entry.After;
            if (projects.Contains(entry.Project)
                && entry.Owner.StartsWith(VirtualKeyPrefix, StringComparison.Ordinal)
                && EventType.GetDeliveredType(before, entry) is { } type)
                expected.Add(new ExpectedDelivery(entry, type));
        }

        return expected;
    }

    /// <summary>
    /// An event is lost if no message of it was accepted although one of a later event of the key was, which must not
    /// happen even while deliveries are late.
    /// </summary>
    private static IEnumerable<Violation> CheckOrder(
        IReadOnlyList<ExpectedDelivery> expected,
        ILookup<long, WebhookDelivery> deliveries,
        Moment readAt,
        bool isComplete)
    {
        var accepted = expected.Select(entry => deliveries[entry.Event.Position]
            .FirstOrDefault(delivery => delivery.Project == entry.Event.Project)?.AcceptedAt).ToList();

        // The first acceptance of all later events, from the last event to the first.
        (Moment At, OwnerEvent Event)? earliestLater = null;
        for (var index = expected.Count - 1; index >= 0; index--)
        {
            var entry = expected[index].Event;
            if (accepted[index] is not { } at)
            {
                if (earliestLater is null && !isComplete) continue;
                var reason = earliestLater is { } later ? $"but {later.Event} was" : "in time";
                yield return new(
                    RuleNames.WebhookEventLost,
                    $"No message of {entry} was accepted, {reason}.",
                    CreateCall(entry, deliveries[entry.Position].FirstOrDefault(), readAt));
                continue;
            }

            if (earliestLater is { } next && next.At < at)
            {
                yield return new(
                    RuleNames.WebhookOutOfOrder,
                    $"A message of {entry} was first accepted after one of {next.Event}.",
                    CreateCall(entry, deliveries[entry.Position].First(), readAt));
            }

            if (earliestLater is null || at < earliestLater.Value.At) earliestLater = (at, entry);
        }
    }

    private static IEnumerable<Violation> CheckMessages(
        IReadOnlyList<OwnerEvent> events,
        IReadOnlyList<ExpectedDelivery> expected,
        Moment readAt,
        IReadOnlyList<WebhookDelivery> deliveries)
    {
        var byPosition = events.ToDictionary(entry => entry.Position);
        var types = expected.ToDictionary(entry => entry.Event.Position, entry => entry.Type);
        foreach (var delivery in deliveries)
        {
            var entry = byPosition.GetValueOrDefault(delivery.Position);
            if (delivery.Fault is { } fault)
                yield return new(fault.Rule, fault.Message, CreateCall(delivery, readAt));
            else if (entry is null)
            {
                if (delivery.FirstArrivedAt < readAt)
                    yield return Differs("There is no such event");
            }
            else if (entry.Owner != delivery.Owner || entry.Project != delivery.Project)
                yield return Differs($"The webhook of {delivery.Project} delivered {entry} of {entry.Owner}");
            else if (entry.Owner.StartsWith(VirtualKeyPrefix, StringComparison.Ordinal)
                && types.GetValueOrDefault(entry.Position) != delivery.Type)
                yield return Differs($"{entry} was delivered as {delivery.Type}");

            Violation Differs(string reason) =>
                new(RuleNames.WebhookOfNoEvent, $"{reason}: {delivery.MessageId}.", CreateCall(delivery, readAt));
        }
    }

    private static RecordedCall CreateCall(OwnerEvent entry, WebhookDelivery? delivery, Moment readAt) =>
        delivery is not null ? CreateCall(delivery, readAt) : new RecordedCall
        {
            Kind = CallKind.Deliver,
            Target = entry.Project,
            Key = entry.Owner,
            RequestId = "no message",
            Start = readAt.At(entry.At),
            End = readAt,
        };

    private static RecordedCall CreateCall(WebhookDelivery delivery, Moment readAt) => new()
    {
        Kind = CallKind.Deliver,
        Target = delivery.Project,
        Key = delivery.Owner,
        RequestId = delivery.MessageId,
        Start = delivery.FirstArrivedAt,
        End = delivery.AcceptedAt ?? readAt,
        Status = delivery.AcceptedAt is null ? null : 204,
        Code = delivery.Type,
    };
}

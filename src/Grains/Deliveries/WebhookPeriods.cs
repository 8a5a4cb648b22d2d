using System.Globalization;
using KeysCluster.Events;
using KeysCluster.Grains.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Decides whether events happened while a webhook was enabled: after its creation, and not between the last time it
/// was disabled and the time it was enabled again.
/// </summary>
/// <param name="webhook">The webhook.</param>
/// <param name="positions">
/// The positions of the events of the webhook's changes, by their times. Where one is missing, the times are compared.
/// </param>
internal sealed class WebhookPeriods(WebhookState webhook, IReadOnlyDictionary<DateTimeOffset, long> positions)
{
    /// <summary>
    /// The clocks of two silos may differ by about as much, so that the time of an event does not tell whether it
    /// happened before a change of the webhook.
    /// </summary>
    public static readonly TimeSpan MaxClockDifference = TimeSpan.FromSeconds(5);

    public WebhookState Webhook => webhook;

    /// <summary>Returns the times at which a webhook was created, disabled and enabled, if they matter.</summary>
    public static IEnumerable<DateTimeOffset> GetChanges(WebhookState webhook)
    {
        yield return webhook.CreatedAt;
        if (webhook is { LastDisabledAt: { } last, EnabledAt: { } enabled })
        {
            yield return last;
            yield return enabled;
        }

        if (webhook.DisabledAt is { } disabled) yield return disabled;
    }

    /// <summary>Returns the time of an event; null if the stored text is not one.</summary>
    public static DateTimeOffset? FindTime(RecordedEvent recorded) =>
        DateTimeOffset.TryParse(recorded.At, CultureInfo.InvariantCulture, out var at) ? at : null;

    public bool WasEnabled(RecordedEvent recorded)
    {
        if (IsBefore(recorded, webhook.CreatedAt)) return false;
        if (webhook.DisabledAt is { } disabled && !IsBefore(recorded, disabled)) return false;
        var isBetween = webhook is { LastDisabledAt: { } last, EnabledAt: { } enabled }
            && !IsBefore(recorded, last)
            && IsBefore(recorded, enabled);
        return !isBetween;
    }

    /// <summary>
    /// Returns whether an event happened before a change. Positions are assigned in the order of changes that do not
    /// overlap, whatever the clocks of their silos say.
    /// </summary>
    private bool IsBefore(RecordedEvent recorded, DateTimeOffset change)
    {
        if (FindTime(recorded) is not { } at) return false;
        return (at - change).Duration() <= MaxClockDifference && positions.TryGetValue(change, out var position)
            ? recorded.Position < position
            : at < change;
    }
}

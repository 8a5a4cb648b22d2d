using System.Diagnostics.CodeAnalysis;

namespace KeysCluster.Webhooks;

/// <summary>
/// The id of a delivery: <c>msg_</c> and a ULID. It is the header <c>webhook-id</c> of every attempt, by which the
/// receiver recognizes a repeated one.
/// </summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.WebhookDeliveryId")]
public readonly record struct WebhookDeliveryId
{
    private const string Prefix = "msg_";

    [Id(0)] private readonly string? _value;

    private WebhookDeliveryId(string value) => _value = value;

    /// <summary>Creates a new id that sorts by its time of creation.</summary>
    public static WebhookDeliveryId New(DateTimeOffset now) => new(PrefixedUlid.New(Prefix, now));

    /// <summary>
    /// Creates a new id that sorts by its time of creation, and after an earlier id of the same millisecond.
    /// </summary>
    public static WebhookDeliveryId NewAfter(WebhookDeliveryId earlier, DateTimeOffset now)
    {
        var created = New(now);
        return string.CompareOrdinal(created._value, earlier._value) > 0
            ? created
            : new(PrefixedUlid.Increment(Prefix, earlier._value!));
    }

    /// <summary>Parses an id; false for anything but the canonical text of one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out WebhookDeliveryId id)
    {
        id = PrefixedUlid.IsValid(Prefix, text) ? new WebhookDeliveryId(text) : default;
        return id._value is not null;
    }

    /// <summary>Parses an id that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not the id of a delivery.</exception>
    public static WebhookDeliveryId Parse(string text) =>
        TryParse(text, out var id) ? id : throw PrefixedUlid.InvalidId(text, "delivery");

    /// <summary>Returns the text of the id.</summary>
    public override string ToString() => _value ?? "";
}

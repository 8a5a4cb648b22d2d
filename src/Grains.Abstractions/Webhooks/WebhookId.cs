using System.Diagnostics.CodeAnalysis;

namespace KeysCluster.Webhooks;

/// <summary>The id of a webhook: <c>webhook_</c> and a ULID.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.WebhookId")]
public readonly record struct WebhookId
{
    private const string Prefix = "webhook_";

    [Id(0)] private readonly string? _value;

    private WebhookId(string value) => _value = value;

    /// <summary>Creates a new id that sorts by its time of creation.</summary>
    public static WebhookId New(DateTimeOffset now) => new(PrefixedUlid.New(Prefix, now));

    /// <summary>Parses an id; false for anything but the canonical text of one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out WebhookId id)
    {
        id = PrefixedUlid.IsValid(Prefix, text) ? new WebhookId(text) : default;
        return id._value is not null;
    }

    /// <summary>Parses an id that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not the id of a webhook.</exception>
    public static WebhookId Parse(string text) =>
        TryParse(text, out var id) ? id : throw PrefixedUlid.InvalidId(text, "webhook");

    /// <summary>Returns the text of the id.</summary>
    public override string ToString() => _value ?? "";
}

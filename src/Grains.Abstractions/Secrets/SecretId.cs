using System.Diagnostics.CodeAnalysis;

namespace KeysCluster.Secrets;

/// <summary>
/// The id of a secret: <c>secret_</c> and a ULID. It identifies a secret without revealing it and may be logged.
/// </summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.SecretId")]
public readonly record struct SecretId
{
    private const string Prefix = "secret_";

    [Id(0)] private readonly string? _value;

    private SecretId(string value) => _value = value;

    /// <summary>Creates a new id that sorts by its time of creation.</summary>
    public static SecretId New(DateTimeOffset now) => new(PrefixedUlid.New(Prefix, now));

    /// <summary>Parses an id; false for anything but the canonical text of one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SecretId id)
    {
        id = PrefixedUlid.IsValid(Prefix, text) ? new SecretId(text) : default;
        return id._value is not null;
    }

    /// <summary>Parses an id that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not the id of a secret.</exception>
    public static SecretId Parse(string text) =>
        TryParse(text, out var id) ? id : throw PrefixedUlid.InvalidId(text, "secret");

    /// <summary>Returns the text of the id.</summary>
    public override string ToString() => _value ?? "";
}

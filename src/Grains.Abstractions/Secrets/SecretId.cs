using System.Diagnostics.CodeAnalysis;

namespace KeysCluster.Secrets;

/// <summary>A secret's id: <c>secret_</c> and a ULID. It names a secret without being or telling it.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.SecretId")]
public readonly record struct SecretId
{
    private const string Prefix = "secret_";

    [Id(0)] private readonly string? _value;

    private SecretId(string value) => _value = value;

    /// <summary>A new id that sorts by the instant it was made.</summary>
    public static SecretId New(DateTimeOffset now) => new(Prefix + Ulid.NewUlid(now));

    /// <summary>Reads an id; false for anything that is not one in its canonical text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SecretId id)
    {
        var isId = text is not null && text.StartsWith(Prefix, StringComparison.Ordinal)
            && Secret.IsUlid(text.AsSpan(Prefix.Length));
        id = isId ? new SecretId(text!) : default;
        return isId;
    }

    /// <summary>Reads an id that is known to be one.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static SecretId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not an id of this kind.");

    /// <summary>The id's text.</summary>
    public override string ToString() => _value ?? "";
}

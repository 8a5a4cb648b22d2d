using System.Diagnostics.CodeAnalysis;
using KeysCluster.Secrets;

namespace KeysCluster.VirtualKeys;

/// <summary>A virtual key's id: <c>vk_</c> and a ULID. The prefix keeps it from looking like a number to storage.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.VirtualKeyId")]
public readonly record struct VirtualKeyId
{
    private const string Prefix = "vk_";

    [Id(0)] private readonly string? _value;

    private VirtualKeyId(string value) => _value = value;

    /// <summary>A new id that sorts by the instant it was made.</summary>
    public static VirtualKeyId New(DateTimeOffset now) => new(Prefix + Ulid.NewUlid(now));

    /// <summary>An id from 128 bits, always the same one from the same bits.</summary>
    public static VirtualKeyId Of(ReadOnlySpan<byte> bits) => new(Prefix + new Ulid(bits));

    /// <summary>Reads an id; false for anything that is not one in its canonical text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out VirtualKeyId id)
    {
        var isId = text is not null && text.StartsWith(Prefix, StringComparison.Ordinal)
            && Secret.IsUlid(text.AsSpan(Prefix.Length));
        id = isId ? new VirtualKeyId(text!) : default;
        return isId;
    }

    /// <summary>Reads an id that is known to be one.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static VirtualKeyId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not an id of this kind.");

    /// <summary>The virtual key that a secret names.</summary>
    public static VirtualKeyId OwnerOf(Secret secret) => new(string.Concat(Prefix, secret.Owner));

    /// <summary>Characters in an id's text.</summary>
    internal const int TextLength = 29;

    /// <summary>Writes the text of the id that a secret names, without making a string of it.</summary>
    internal static void WriteOwnerOf(Secret secret, Span<char> text)
    {
        Prefix.CopyTo(text);
        secret.Owner.CopyTo(text[Prefix.Length..]);
    }

    /// <summary>The ULID part.</summary>
    public ReadOnlySpan<char> UlidText => ToString().AsSpan(Prefix.Length);

    /// <summary>The id's text, also the key of the virtual key's grain.</summary>
    public override string ToString() => _value ?? "";
}

using System.Diagnostics.CodeAnalysis;
using KeysCluster.Secrets;

namespace KeysCluster.VirtualKeys;

/// <summary>The id of a virtual key: <c>vk_</c> and a ULID.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.VirtualKeyId")]
public readonly record struct VirtualKeyId
{
    private const string Prefix = "vk_";

    /// <summary>The number of characters of every id.</summary>
    public const int TextLength = 29;

    [Id(0)] private readonly string? _value;

    private VirtualKeyId(string value) => _value = value;

    /// <summary>Creates a new id that sorts by its time of creation.</summary>
    public static VirtualKeyId New(DateTimeOffset now) => new(PrefixedUlid.New(Prefix, now));

    /// <summary>Creates an id from 128 bits. The same bits give the same id.</summary>
    public static VirtualKeyId FromBits(ReadOnlySpan<byte> bits) => new(PrefixedUlid.FromBits(Prefix, bits));

    /// <summary>Returns the id of the virtual key that a secret names.</summary>
    public static VirtualKeyId FromSecret(Secret secret) => new(string.Concat(Prefix, secret.OwnerUlid));

    /// <summary>Parses an id; false for anything but the canonical text of one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out VirtualKeyId id)
    {
        id = PrefixedUlid.IsValid(Prefix, text) ? new VirtualKeyId(text) : default;
        return id._value is not null;
    }

    /// <summary>Parses an id that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not the id of a virtual key.</exception>
    public static VirtualKeyId Parse(string text) =>
        TryParse(text, out var id) ? id : throw PrefixedUlid.InvalidId(text, "virtual key");

    /// <summary>Writes the id that a secret names, without allocating a string.</summary>
    /// <param name="secret">A secret of a virtual key.</param>
    /// <param name="destination">At least <see cref="TextLength"/> characters.</param>
    public static void FormatOwner(Secret secret, Span<char> destination) =>
        PrefixedUlid.Format(Prefix, secret.OwnerUlid, destination);

    /// <summary>The ULID part.</summary>
    public ReadOnlySpan<char> UlidText => ToString().AsSpan(Prefix.Length);

    /// <summary>Returns the text of the id, which is also the key of its grain.</summary>
    public override string ToString() => _value ?? "";
}

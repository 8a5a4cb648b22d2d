using System.Diagnostics.CodeAnalysis;

namespace KeysCluster;

/// <summary>The id of a project: <c>project_</c> and a ULID.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.ProjectId")]
public readonly record struct ProjectId
{
    private const string Prefix = "project_";

    /// <summary>The number of characters of every id.</summary>
    public const int TextLength = 34;

    [Id(0)] private readonly string? _value;

    private ProjectId(string value) => _value = value;

    /// <summary>Creates a new id that sorts by its time of creation.</summary>
    public static ProjectId New(DateTimeOffset now) => new(PrefixedUlid.New(Prefix, now));

    /// <summary>Creates an id from 128 bits. The same bits give the same id.</summary>
    public static ProjectId FromBits(ReadOnlySpan<byte> bits) => new(PrefixedUlid.FromBits(Prefix, bits));

    /// <summary>Creates an id from its ULID part, which is known to be valid.</summary>
    internal static ProjectId FromUlid(ReadOnlySpan<char> ulid) => new(string.Concat(Prefix, ulid));

    /// <summary>Parses an id; false for anything but the canonical text of one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ProjectId id)
    {
        id = PrefixedUlid.IsValid(Prefix, text) ? new ProjectId(text) : default;
        return id._value is not null;
    }

    /// <summary>Parses an id that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not the id of a project.</exception>
    public static ProjectId Parse(string text) =>
        TryParse(text, out var id) ? id : throw PrefixedUlid.InvalidId(text, "project");

    /// <summary>Writes an id from its ULID part, which is known to be valid, without allocating a string.</summary>
    internal static void Format(ReadOnlySpan<char> ulid, Span<char> destination) =>
        PrefixedUlid.Format(Prefix, ulid, destination);

    /// <summary>The ULID part.</summary>
    public ReadOnlySpan<char> UlidText => ToString().AsSpan(Prefix.Length);

    /// <summary>Returns the text of the id, which is also the key of its grain.</summary>
    public override string ToString() => _value ?? "";
}

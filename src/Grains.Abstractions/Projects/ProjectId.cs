using System.Diagnostics.CodeAnalysis;
using KeysCluster.Secrets;

namespace KeysCluster.Projects;

/// <summary>A project's id: <c>project_</c> and a ULID. The prefix keeps it from looking like a number to storage.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.ProjectId")]
public readonly record struct ProjectId
{
    private const string Prefix = "project_";

    [Id(0)] private readonly string? _value;

    private ProjectId(string value) => _value = value;

    /// <summary>A new id that sorts by the instant it was made.</summary>
    public static ProjectId New(DateTimeOffset now) => new(Prefix + Ulid.NewUlid(now));

    /// <summary>An id from 128 bits, always the same one from the same bits.</summary>
    public static ProjectId Of(ReadOnlySpan<byte> bits) => new(Prefix + new Ulid(bits));

    /// <summary>Reads an id; false for anything that is not one in its canonical text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ProjectId id)
    {
        var isId = text is not null && text.StartsWith(Prefix, StringComparison.Ordinal)
            && Secret.IsUlid(text.AsSpan(Prefix.Length));
        id = isId ? new ProjectId(text!) : default;
        return isId;
    }

    /// <summary>Reads an id that is known to be one.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static ProjectId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not an id of this kind.");

    /// <summary>The project that a project API key names.</summary>
    public static ProjectId OwnerOf(Secret apiKey) => new(string.Concat(Prefix, apiKey.Owner));

    /// <summary>Characters in an id's text.</summary>
    internal const int TextLength = 34;

    /// <summary>Writes the text of the id that an API key names, without making a string of it.</summary>
    internal static void WriteOwnerOf(Secret apiKey, Span<char> text)
    {
        Prefix.CopyTo(text);
        apiKey.Owner.CopyTo(text[Prefix.Length..]);
    }

    /// <summary>The ULID part.</summary>
    public ReadOnlySpan<char> UlidText => ToString().AsSpan(Prefix.Length);

    /// <summary>The id's text, also the key of the project's grain.</summary>
    public override string ToString() => _value ?? "";
}

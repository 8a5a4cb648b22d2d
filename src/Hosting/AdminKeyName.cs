using System.Buffers;

namespace KeysCluster.Hosting;

/// <summary>The name of an admin key, which the events of its changes contain.</summary>
public static class AdminKeyName
{
    /// <summary>The name of the key in <c>Keys:AdminKey</c>.</summary>
    public const string Default = "default";

    /// <summary>The rule for a name, for error messages.</summary>
    public const string Rule = "1 to 64 letters of ASCII, digits, '-', '_' or '.'";

    private const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Returns whether a text satisfies <see cref="Rule"/>.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(Allowed);
}

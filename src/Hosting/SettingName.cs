using System.Buffers;

namespace KeysCluster.Hosting;

/// <summary>A name that an operator chooses and that is part of the key of a setting.</summary>
public static class SettingName
{
    /// <summary>The rule for a name, for error messages.</summary>
    public const string Rule = "1 to 64 ASCII letters, digits, '-', '_' or '.'";

    private const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Returns whether a text satisfies <see cref="Rule"/>.</summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(Allowed);
    }
}

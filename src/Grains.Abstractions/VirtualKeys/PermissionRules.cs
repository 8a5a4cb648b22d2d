namespace KeysCluster.VirtualKeys;

/// <summary>
/// The rules of the permissions that a virtual key carries, such as <c>chat:write</c> or <c>models:*</c>. Their meaning
/// belongs to the service that requires them.
/// </summary>
public static class PermissionRules
{
    /// <summary>The maximum number of permissions of a key, and of a requirement.</summary>
    public const int MaxCount = 64;

    /// <summary>The maximum number of characters of a permission.</summary>
    public const int MaxLength = 128;

    private const char Wildcard = '*';

    /// <summary>
    /// Returns whether a text is a permission: 1 to <see cref="MaxLength"/> printable ASCII characters without spaces.
    /// An asterisk is allowed only at the end.
    /// </summary>
    public static bool IsValid(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is >= 1 and <= MaxLength
            && text.All(c => c is > ' ' and <= '~')
            && !text.AsSpan(0, text.Length - 1).Contains(Wildcard);
    }

    /// <summary>
    /// Returns whether one of the granted permissions equals the required one, or ends with an asterisk and matches its
    /// beginning. Compares character by character. Does not allocate.
    /// </summary>
    public static bool IsGranted(IReadOnlyList<string> granted, string required)
    {
        ArgumentNullException.ThrowIfNull(granted);
        for (var i = 0; i < granted.Count; i++)
        {
            var pattern = granted[i];
            if (pattern.EndsWith(Wildcard)
                ? required.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1))
                : pattern == required)
                return true;
        }

        return false;
    }

    /// <summary>Returns the required permissions that are not granted.</summary>
    public static IReadOnlyList<string> FindMissing(IReadOnlyList<string> granted, IReadOnlyList<string> required) =>
        [.. required.Where(permission => !IsGranted(granted, permission)).Distinct()];

    /// <summary>Returns whether each required permission is granted. Does not allocate.</summary>
    public static bool AreGranted(IReadOnlyList<string> granted, IReadOnlyList<string> required)
    {
        ArgumentNullException.ThrowIfNull(required);
        for (var i = 0; i < required.Count; i++)
            if (!IsGranted(granted, required[i])) return false;
        return true;
    }
}

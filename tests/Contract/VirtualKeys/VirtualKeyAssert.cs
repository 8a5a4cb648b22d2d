using System.Globalization;
using System.Text.RegularExpressions;

namespace KeysCluster.Contract.Tests.VirtualKeys;

/// <summary>Asserts the JSON format of virtual keys, and reads their members.</summary>
internal static partial class VirtualKeyAssert
{
    /// <summary>The length of a display prefix, which is the beginning of its secret.</summary>
    public const int DisplayPrefixLength = 17;

    private static readonly string[] Members =
    [
        "id", "project_id", "secret_id", "display_prefix", "name", "description", "environment", "status",
        "principal_user_id", "provider_credential_ids", "revision", "last_used_at", "secret_last_used_at", "created_at",
        "updated_at", "expires_at", "disabled_at", "disabled_reason", "revoked_at", "retiring_secrets",
    ];

    /// <summary>Asserts that a virtual key has exactly the documented members, with their types.</summary>
    public static void AssertVirtualKeyShape(JsonElement key)
    {
        Assert.Equal(Members.Order(), key.EnumerateObject().Select(member => member.Name).Order());
        Assert.Matches(IdPattern(), Text(key, "id"));
        Assert.Matches(ProjectIdPattern(), Text(key, "project_id"));
        Assert.Matches(SecretIdPattern(), Text(key, "secret_id"));
        Assert.Matches(DisplayPrefixPattern(), Text(key, "display_prefix"));
        Assert.Matches(RevisionPattern(), Text(key, "revision"));
        Assert.Contains(Text(key, "environment"), new[] { "live", "test" });
        Assert.Contains(Text(key, "status"), new[] { "active", "revoked" });
        Assert.NotEmpty(Text(key, "name"));
        foreach (var member in new[] { "description", "principal_user_id", "disabled_reason" })
            TextOrNull(key, member);
        foreach (var entry in key.GetProperty("provider_credential_ids").EnumerateArray())
            Assert.Equal(JsonValueKind.String, entry.ValueKind);

        var created = Timestamp(key, "created_at")!.Value;
        Assert.True(created <= Timestamp(key, "updated_at")!.Value);
        foreach (var member in new[] { "last_used_at", "secret_last_used_at", "expires_at", "disabled_at" })
            Timestamp(key, member);
        Assert.Equal(Text(key, "status") == "revoked", Timestamp(key, "revoked_at") is not null);
        foreach (var retiring in GetRetiringSecrets(key))
        {
            AssertRetiringSecretShape(retiring);
            Assert.Matches(DisplayPrefixPattern(), Text(retiring, "display_prefix"));
            Assert.True(Timestamp(retiring, "valid_until") > created);
        }
    }

    /// <summary>Asserts that a retiring secret or API key has exactly the documented members.</summary>
    public static void AssertRetiringSecretShape(JsonElement retiring)
    {
        Assert.Equal(
            ["display_prefix", "id", "last_used_at", "valid_until"],
            retiring.EnumerateObject().Select(member => member.Name).Order());
        Assert.Matches(SecretIdPattern(), Text(retiring, "id"));
        Assert.NotNull(Timestamp(retiring, "valid_until"));
        Timestamp(retiring, "last_used_at");
    }

    /// <summary>Returns the retiring secrets of a virtual key, newest first.</summary>
    public static JsonElement[] GetRetiringSecrets(JsonElement key) =>
        [.. key.GetProperty("retiring_secrets").EnumerateArray()];

    /// <summary>Returns a member that must be a string.</summary>
    public static string Text(JsonElement element, string member) =>
        TextOrNull(element, member) ?? throw new InvalidOperationException($"{member} is null.");

    /// <summary>Returns a member that must be a string or null.</summary>
    public static string? TextOrNull(JsonElement element, string member) => element.GetProperty(member).GetString();

    /// <summary>Returns a member that must be null or an instant in ISO 8601 with milliseconds and Z.</summary>
    public static DateTimeOffset? Timestamp(JsonElement element, string member)
    {
        if (TextOrNull(element, member) is not { } text) return null;
        Assert.Matches(TimestampPattern(), text);
        return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^vk_[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    private static partial Regex IdPattern();

    [GeneratedRegex("^project_[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    private static partial Regex ProjectIdPattern();

    [GeneratedRegex("^secret_[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    private static partial Regex SecretIdPattern();

    [GeneratedRegex("^vk-lw-(live|test)_[0-9A-HJKMNP-TV-Z]{6}$")]
    private static partial Regex DisplayPrefixPattern();

    [GeneratedRegex("^[1-9][0-9]*$")]
    private static partial Regex RevisionPattern();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex TimestampPattern();
}

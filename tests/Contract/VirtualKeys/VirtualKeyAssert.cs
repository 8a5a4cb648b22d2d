using System.Globalization;
using System.Text.RegularExpressions;

namespace KeysCluster.Contract.VirtualKeys;

/// <summary>The shape of a virtual key on the wire.</summary>
internal static partial class VirtualKeyAssert
{
    private static readonly string[] Members =
    [
        "id", "project_id", "secret_id", "display_prefix", "name", "description", "environment", "status",
        "principal_user_id", "provider_credential_ids", "revision", "last_used_at", "secret_last_used_at", "created_at",
        "updated_at", "expires_at", "disabled_at", "disabled_reason", "revoked_at", "retiring_secrets",
    ];

    /// <summary>Every member is there with its type, and no other one.</summary>
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
        foreach (var member in new[] { "description", "principal_user_id", "disabled_reason" }) TextOrNull(key, member);
        foreach (var entry in key.GetProperty("provider_credential_ids").EnumerateArray())
            Assert.Equal(JsonValueKind.String, entry.ValueKind);

        var created = Timestamp(key, "created_at")!.Value;
        Assert.True(created <= Timestamp(key, "updated_at")!.Value);
        foreach (var member in new[] { "last_used_at", "secret_last_used_at", "expires_at", "disabled_at" }) Timestamp(key, member);
        Assert.Equal(Text(key, "status") == "revoked", Timestamp(key, "revoked_at") is not null);
        foreach (var retiring in key.GetProperty("retiring_secrets").EnumerateArray())
        {
            AssertRetiringSecretShape(retiring);
            Assert.Matches(DisplayPrefixPattern(), Text(retiring, "display_prefix"));
            Assert.True(Timestamp(retiring, "valid_until") > created);
        }
    }

    /// <summary>The shape of a replaced secret of a key, or of a replaced API key of a project.</summary>
    public static void AssertRetiringSecretShape(JsonElement retiring)
    {
        Assert.Equal(
            ["display_prefix", "id", "last_used_at", "valid_until"],
            retiring.EnumerateObject().Select(member => member.Name).Order());
        Assert.Matches(SecretIdPattern(), Text(retiring, "id"));
        Assert.NotNull(Timestamp(retiring, "valid_until"));
        Timestamp(retiring, "last_used_at");
    }

    /// <summary>A member that is a string.</summary>
    public static string Text(JsonElement element, string member) =>
        TextOrNull(element, member) ?? throw new InvalidOperationException($"{member} is null.");

    /// <summary>A member that is a string or null.</summary>
    public static string? TextOrNull(JsonElement element, string member) => element.GetProperty(member).GetString();

    /// <summary>A member that is an instant in ISO-8601 with milliseconds and Z, or null.</summary>
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

using System.Text;
using KeysCluster.Api.Authentication;
using KeysCluster.Hosting.AdminKeys;
using Microsoft.Extensions.Configuration;

namespace KeysCluster.Grains.Tests.Authentication;

/// <summary>Which settings of admin keys are valid. No message repeats a value, which may be a key.</summary>
public sealed class AdminKeyRuleTests
{
    private static readonly string Digest = AdminKeyDigest.Compute("a key").ToSetting();
    private static readonly string OtherDigest = AdminKeyDigest.Compute("another key").ToSetting();

    [Theory]
    [InlineData("a                               ", 1)]
    [InlineData("\t0123456789012345678901234567890\n", 31)]
    public void A_plain_key_with_fewer_than_32_characters_between_blanks_is_refused(string key, int length)
    {
        Assert.Equal(length, key.Trim().Length);
        Assert.Equal(
            "Keys:AdminKey is too short: it needs at least 32 random characters, without the surrounding white space.",
            Assert.Single(GetErrors(("Keys:AdminKey", key))));
    }

    [Fact]
    public void A_plain_key_of_32_characters_between_blanks_has_the_name_default()
    {
        var key = "0123456789abcdef0123456789abcdef";

        var found = Create(("Keys:AdminKey", $" {key}\n")).Find(AdminKeyDigest.Compute(key));

        Assert.Equal("default", found?.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void At_least_one_admin_key_is_required(string plain)
    {
        Assert.Contains("An admin key is missing", Assert.Single(GetErrors()), StringComparison.Ordinal);
        var error = Assert.Single(GetErrors(("Keys:AdminKey", plain)));
        Assert.Contains("An admin key is missing", error, StringComparison.Ordinal);
        Assert.Single(Create(("Keys:AdminKey", plain), ("Keys:AdminKeys:ops", Digest)).Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddee")]
    [InlineData("sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00")]
    [InlineData("sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeefg")]
    [InlineData("sha512:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    [InlineData("ak-lw-7ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    public void A_malformed_digest_is_refused_and_not_repeated(string digest) => Assert.Equal(
        "Keys:AdminKeys:ops must be 'sha256:' and 64 hex digits, as the command 'admin-key new' prints.",
        Assert.Single(GetErrors(("Keys:AdminKeys:ops", digest))));

    [Fact]
    public void A_digest_may_have_upper_case_hex_digits_and_a_line_break_at_its_end()
    {
        var upper = $"sha256:{Digest[7..].ToUpperInvariant()}\n";

        Assert.NotNull(Create(("Keys:AdminKeys:ops", upper)).Find(AdminKeyDigest.Compute("a key")));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("Ops-2.of_team")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void A_name_has_up_to_64_letters_digits_dashes_underscores_and_dots(string name) =>
        Assert.Equal(name, Assert.Single(Create(($"Keys:AdminKeys:{name}", Digest)).Keys).Name);

    [Theory]
    [InlineData("with blank")]
    [InlineData("ops\n")]
    [InlineData("ü")]
    [InlineData("a/b")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public void Any_other_name_is_refused_and_not_repeated(string name) => Assert.Equal(
        "A name under Keys:AdminKeys is invalid: a name has 1 to 64 ASCII letters, digits, '-', '_' or '.'.",
        Assert.Single(GetErrors(($"Keys:AdminKeys:{name}", Digest))));

    [Fact]
    public void A_digest_without_a_name_is_refused() => Assert.Contains(
        "A name under Keys:AdminKeys is invalid",
        Assert.Single(GetErrors(("Keys:AdminKeys", Digest))),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("2027-01-31T12:30:00Z", "2027-01-31T12:30:00Z")]
    [InlineData("2027-01-31T12:30:00.25Z", "2027-01-31T12:30:00.25Z")]
    [InlineData("2027-01-31T12:30:00+02:00", "2027-01-31T10:30:00Z")]
    [InlineData(" 2027-01-31T12:30:00Z\n", "2027-01-31T12:30:00Z")]
    public void NotAfter_is_an_ISO_8601_time_with_an_offset(string notAfter, string expected)
    {
        var key = Assert.Single(Create(("Keys:AdminKeys:ops", Digest), ("Keys:AdminKeys:ops:NotAfter", notAfter)).Keys);

        Assert.Equal(DateTimeOffset.Parse(expected, null), key.NotAfter);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("2027-01-31")]
    [InlineData("2027-01-31T12:30:00")]
    [InlineData("2027-02-30T12:30:00Z")]
    [InlineData("31.01.2027 12:30:00")]
    public void A_malformed_NotAfter_is_refused(string notAfter) => Assert.Equal(
        "Keys:AdminKeys:ops:NotAfter must be an ISO 8601 time such as 2027-01-31T00:00:00Z.",
        Assert.Single(GetErrors(("Keys:AdminKeys:ops", Digest), ("Keys:AdminKeys:ops:NotAfter", notAfter))));

    [Fact]
    public void A_misspelled_setting_of_a_key_is_refused() => Assert.Equal(
        "Keys:AdminKeys:ops has a setting other than NotAfter.",
        Assert.Single(GetErrors(
            ("Keys:AdminKeys:ops", Digest), ("Keys:AdminKeys:ops:NotAftr", "2027-01-31T12:30:00Z"))));

    [Fact]
    public void Events_stay_unambiguous_because_no_name_and_no_key_is_used_twice()
    {
        var plain = "0123456789abcdef0123456789abcdef";
        var sameName = GetErrors(("Keys:AdminKey", plain), ("Keys:AdminKeys:Default", Digest));
        var sameKey = GetErrors(("Keys:AdminKeys:a", Digest), ("Keys:AdminKeys:b", Digest));
        var sameAsPlain = GetErrors(
            ("Keys:AdminKey", plain), ("Keys:AdminKeys:ops", AdminKeyDigest.Compute(plain).ToSetting()));

        Assert.Equal(
            "Keys:AdminKeys:default and Keys:AdminKey have the same name: rename or remove one.",
            Assert.Single(sameName));
        Assert.Equal("The admin keys a and b are the same key: remove one.", Assert.Single(sameKey));
        Assert.Equal("The admin keys default and ops are the same key: remove one.", Assert.Single(sameAsPlain));
    }

    [Fact]
    public void Every_violation_is_reported_at_once() => Assert.Equal(
        3, GetErrors(("Keys:AdminKey", "short"), ("Keys:AdminKeys:a", "x"), ("Keys:AdminKeys:b c", Digest)).Count);

    [Fact]
    public void A_JSON_file_can_set_digests_and_expiry()
    {
        var json = $$"""
            {
              "Keys": {
                "AdminKeys": {"ops": "{{Digest}}", "ops:NotAfter": "2027-01-31T00:00:00Z", "ci": "{{OtherDigest}}"}
              }
            }
            """;
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

        var keys = Create(configuration).Keys.ToDictionary(key => key.Name, key => key.NotAfter);

        Assert.Equal(["ci", "ops"], keys.Keys.Order());
        Assert.Null(keys["ci"]);
        Assert.Equal(new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero), keys["ops"]);
    }

    private static AdminKeySet Create(params (string Key, string Value)[] settings) => Create(Build(settings));

    private static AdminKeySet Create(IConfiguration configuration)
    {
        var keys = TryCreate(configuration, out var errors);
        Assert.Empty(errors);
        return keys!;
    }

    private static IReadOnlyList<string> GetErrors(params (string Key, string Value)[] settings)
    {
        Assert.Null(TryCreate(Build(settings), out var errors));
        return errors;
    }

    private static AdminKeySet? TryCreate(IConfiguration configuration, out IReadOnlyList<string> errors)
    {
        var options = new AdminKeyOptions();
        options.Read(configuration);
        return AdminKeySet.TryCreate(options, out errors);
    }

    private static IConfiguration Build((string Key, string Value)[] settings) =>
        new ConfigurationBuilder().Add(new TestConfiguration(settings)).Build();
}

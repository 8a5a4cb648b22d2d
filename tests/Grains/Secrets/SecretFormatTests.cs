using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Secrets;

public sealed class SecretFormatTests
{
    private static readonly VirtualKeyId Id = VirtualKeyId.Parse("vk_01ARZ3NDEKTSV4RRFFQ69G5FAV");

    [Theory]
    [InlineData(VirtualKeyEnvironment.Live, "vk-lw-live_")]
    [InlineData(VirtualKeyEnvironment.Test, "vk-lw-test_")]
    public void A_virtual_key_secret_starts_with_the_prefix_of_its_environment(
        VirtualKeyEnvironment environment, string prefix)
    {
        var text = VirtualKeySecret.Mint(Id, environment).Reveal();

        Assert.StartsWith(prefix, text, StringComparison.Ordinal);
        Assert.Equal(prefix.Length + 65, text.Length);
        Assert.All(text[prefix.Length..], character => Assert.Contains(character, ForgedSecret.Alphabet));
    }

    [Fact]
    public void A_project_API_key_has_no_underscore()
    {
        var text = ProjectApiKey.Mint(ProjectId.Parse("project_01ARZ3NDEKTSV4RRFFQ69G5FAV")).Reveal();

        Assert.StartsWith("sk-lw-", text, StringComparison.Ordinal);
        Assert.Equal("sk-lw-".Length + 65, text.Length);
        Assert.DoesNotContain('_', text);
    }

    [Fact]
    public void A_secret_ends_with_the_CRC_32_of_the_preceding_characters()
    {
        var text = TestData.MintSecret(Id).Reveal();

        Assert.Equal(ForgedSecret.WithChecksum(text[..^ForgedSecret.ChecksumLength]), text);
    }

    [Fact]
    public void A_secret_contains_the_id_of_its_key_or_project()
    {
        var secret = VirtualKeySecret.Mint(Id, VirtualKeyEnvironment.Test);
        var project = ProjectId.Parse("project_01ARZ3NDEKTSV4RRFFQ69G5FAV");

        Assert.Equal(Id, VirtualKeyId.FromSecret(secret));
        Assert.Equal(project, ProjectApiKey.GetProjectId(ProjectApiKey.Mint(project)));
    }

    [Fact]
    public void Secrets_of_one_key_have_independent_random_parts()
    {
        var secrets = Enumerable.Range(0, 1000).Select(_ => TestData.MintSecret(Id)).ToList();

        // A display prefix has 30 random bits, so two of 1000 are equal once in 2000 runs. A broken random source would
        // make far more of them equal.
        Assert.InRange(secrets.Select(secret => secret.DisplayPrefix).Distinct().Count(), 998, 1000);
        Assert.Equal(1000, secrets.Select(secret => secret.Reveal()[17..43]).Distinct().Count());
    }

    [Fact]
    public void ToString_and_interpolation_reveal_at_most_the_display_prefix()
    {
        var secret = TestData.MintSecret(Id);
        string[] shown =
            [$"{secret}", NewSecret.From(secret, TestData.Start).ToString(), secret.ComputeDigest().ToString()];

        Assert.Equal(secret.Reveal()[..17], secret.DisplayPrefix);
        Assert.Equal(secret.DisplayPrefix + "…", shown[0]);
        Assert.All(shown, text => Assert.DoesNotContain(secret.Reveal()[17..25], text, StringComparison.Ordinal));
        Assert.Equal("(none)", default(Secret).ToString());
    }

    [Fact]
    public void Minting_a_secret_rejects_an_owner_that_is_not_a_ULID_or_a_wrong_prefix_length()
    {
        Assert.Throws<ArgumentException>(() => Secret.Mint("vk-lw-live_", "not a ulid"));
        Assert.Throws<ArgumentException>(() => Secret.Mint("vk-lw-live_", "81ARZ3NDEKTSV4RRFFQ69G5FAV"));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Secret.Mint("seventeen-letters", "01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    }
}

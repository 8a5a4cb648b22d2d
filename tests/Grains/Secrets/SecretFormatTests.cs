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
    public void A_secret_of_a_virtual_key_begins_with_its_environment(VirtualKeyEnvironment environment, string prefix)
    {
        var text = VirtualKeySecret.Mint(Id, environment).Reveal();

        Assert.StartsWith(prefix, text, StringComparison.Ordinal);
        Assert.Equal(prefix.Length + 65, text.Length);
        Assert.All(text[prefix.Length..], character => Assert.Contains(character, SecretText.Alphabet));
    }

    [Fact]
    public void A_project_api_key_has_no_underscore()
    {
        var text = ProjectApiKey.Mint(ProjectId.Parse("project_01ARZ3NDEKTSV4RRFFQ69G5FAV")).Reveal();

        Assert.StartsWith("sk-lw-", text, StringComparison.Ordinal);
        Assert.Equal("sk-lw-".Length + 65, text.Length);
        Assert.DoesNotContain('_', text);
    }

    [Fact]
    public void A_secret_ends_with_the_CRC_32_of_everything_before_it()
    {
        var text = VirtualKeySecret.Mint(Id, VirtualKeyEnvironment.Live).Reveal();

        Assert.Equal(SecretText.WithChecksum(text[..^SecretText.ChecksumLength]), text);
    }

    [Fact]
    public void A_secret_names_its_owner()
    {
        var secret = VirtualKeySecret.Mint(Id, VirtualKeyEnvironment.Test);
        var project = ProjectId.Parse("project_01ARZ3NDEKTSV4RRFFQ69G5FAV");

        Assert.Equal(Id, VirtualKeyId.OwnerOf(secret));
        Assert.Equal(project, ProjectId.OwnerOf(ProjectApiKey.Mint(project)));
    }

    [Fact]
    public void Two_secrets_of_one_key_share_nothing_random()
    {
        var secrets = Enumerable.Range(0, 1000).Select(_ => VirtualKeySecret.Mint(Id, VirtualKeyEnvironment.Live)).ToList();

        // 30 bits are shown: among 1000 secrets two equal display prefixes come once in 2000 runs, a wrong source always.
        Assert.InRange(secrets.Select(secret => secret.DisplayPrefix).Distinct().Count(), 998, 1000);
        Assert.Equal(1000, secrets.Select(secret => secret.Reveal()[17..43]).Distinct().Count());
    }

    [Fact]
    public void Neither_ToString_nor_a_string_built_from_a_secret_shows_more_than_its_display_prefix()
    {
        var secret = VirtualKeySecret.Mint(Id, VirtualKeyEnvironment.Live);
        var shown = new[] { $"{secret}", NewSecret.Of(secret, Sample.Start).ToString(), secret.Digest().ToString() };

        Assert.Equal(secret.Reveal()[..17], secret.DisplayPrefix);
        Assert.Equal(secret.DisplayPrefix + "…", shown[0]);
        Assert.All(shown, text => Assert.DoesNotContain(secret.Reveal()[17..25], text, StringComparison.Ordinal));
        Assert.Equal("(none)", default(Secret).ToString());
    }

    [Fact]
    public void A_secret_is_not_minted_for_what_is_not_a_ULID()
    {
        Assert.Throws<ArgumentException>(() => Secret.Mint("vk-lw-live_", "not a ulid"));
        Assert.Throws<ArgumentException>(() => Secret.Mint("vk-lw-live_", "81ARZ3NDEKTSV4RRFFQ69G5FAV"));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Secret.Mint("seventeen-letters", "01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    }
}

using KeysCluster.Projects;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Secrets;

public sealed class SecretParsingTests
{
    private const string Random = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const string Owner = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    private static bool IsRead(string? text) => VirtualKeySecret.TryParse(text, out _);

    [Fact]
    public void A_minted_secret_is_read_back_with_the_same_text_owner_and_digest()
    {
        var minted = VirtualKeySecret.Mint(VirtualKeyId.Parse("vk_" + Owner), VirtualKeyEnvironment.Test);

        Assert.True(VirtualKeySecret.TryParse(minted.Reveal(), out var read));
        Assert.Equal(minted.Reveal(), read.Reveal());
        Assert.Equal(minted.DisplayPrefix, read.DisplayPrefix);
        Assert.Equal("vk_" + Owner, VirtualKeyId.OwnerOf(read).ToString());
        Assert.Equal(minted.Digest(), read.Digest());
    }

    [Fact]
    public void A_secret_that_was_made_long_ago_is_still_read()
    {
        Assert.True(VirtualKeySecret.TryParse(SecretText.Golden, out var read));
        Assert.Equal("vk_" + Owner, VirtualKeyId.OwnerOf(read).ToString());
        Assert.Equal("vk-lw-live_012345", read.DisplayPrefix);
    }

    [Fact]
    public void Every_change_of_one_character_is_refused()
    {
        var replacements = Enumerable.Range(0, 0x180).Select(code => (char)code).ToArray();
        for (var position = 0; position < SecretText.Golden.Length; position++)
        {
            foreach (var replacement in replacements)
            {
                if (replacement == SecretText.Golden[position]) continue;
                var changed = SecretText.Golden.ToCharArray();
                changed[position] = replacement;
                Assert.False(IsRead(new string(changed)), $"position {position}, character {(int)replacement}");
            }
        }
    }

    [Fact]
    public void Every_swap_of_two_neighbours_is_refused()
    {
        for (var position = 1; position < SecretText.Golden.Length; position++)
        {
            var swapped = SecretText.Golden.ToCharArray();
            (swapped[position - 1], swapped[position]) = (swapped[position], swapped[position - 1]);
            if (swapped[position] != swapped[position - 1])
                Assert.False(IsRead(new string(swapped)), $"position {position}");
        }
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        for (var length = 0; length < SecretText.Golden.Length; length++)
        {
            Assert.False(IsRead(SecretText.Golden[..length]), $"the first {length}");
            Assert.False(IsRead(SecretText.Golden[^length..]), $"the last {length}");
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("\0")]
    public void Every_extension_is_refused(string extra)
    {
        for (var position = 0; position <= SecretText.Golden.Length; position++)
            Assert.False(IsRead(SecretText.Golden.Insert(position, extra)), $"position {position}");
    }

    [Fact]
    public void An_overlong_text_is_refused()
    {
        Assert.False(IsRead(SecretText.Golden + new string('0', 1_000_000)));
        Assert.False(IsRead(SecretText.WithChecksum(SecretText.Prefix + new string('0', 1_000_000))));
    }

    [Fact]
    public void Nothing_at_all_is_refused()
    {
        Assert.False(IsRead(null));
        Assert.False(IsRead(""));
    }

    [Fact]
    public void A_forged_text_with_a_right_checksum_is_read_when_everything_else_is_right()
    {
        Assert.True(IsRead(SecretText.Forge("vk-lw-live_", Random, Owner)));
        Assert.True(IsRead(SecretText.Forge("vk-lw-test_", Random, Owner)));
        Assert.True(IsRead(SecretText.Forge("vk-lw-live_", Random, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")));
    }

    [Theory]
    [InlineData("vk-lw-prod_")]
    [InlineData("VK-LW-LIVE_")]
    [InlineData("vk-lw-live-")]
    [InlineData("sk-lw-")]
    [InlineData("")]
    public void Another_prefix_is_refused_even_with_a_right_checksum(string prefix) =>
        Assert.False(IsRead(SecretText.Forge(prefix, Random, Owner)));

    [Fact]
    public void Kinds_of_secrets_are_not_taken_for_one_another()
    {
        Assert.False(ProjectApiKey.TryParse(SecretText.Golden, out _));
        Assert.False(IsRead(ProjectApiKey.Mint(ProjectId.Parse("project_" + Owner)).Reveal()));
    }

    [Theory]
    [InlineData("0123456789ABCDEFGHJKMNPQRSTVWXYz")]
    [InlineData("0123456789ABCDEFGHJKMNPQRSTVWXYI")]
    [InlineData("0123456789ABCDEFGHJKMNPQRSTVWXYL")]
    [InlineData("0123456789ABCDEFGHJKMNPQRSTVWXYO")]
    [InlineData("0123456789ABCDEFGHJKMNPQRSTVWXYU")]
    [InlineData("0123456789ABCDEFGHJKMNPQRSTVWXY-")]
    [InlineData("0123456789ABCDEFGHJKMNPQRSTVWXYé")]
    [InlineData("0123456789ABCDEFGHJKMNPQRSTVWXYＡ")]
    public void A_character_outside_the_alphabet_is_refused_even_with_a_right_checksum(string random) =>
        Assert.False(IsRead(SecretText.Forge(SecretText.Prefix, random, Owner)));

    [Fact]
    public void A_lower_case_body_is_refused_even_with_a_right_checksum()
    {
        var body = SecretText.Prefix + Random.ToLowerInvariant() + Owner.ToLowerInvariant();
        Assert.False(IsRead(SecretText.WithChecksum(body)));
    }

    [Theory]
    [InlineData("81ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("Z1ARZ3NDEKTSV4RRFFQ69G5FAV")]
    public void An_owner_beyond_128_bits_is_refused_even_with_a_right_checksum(string owner) =>
        Assert.False(IsRead(SecretText.Forge(SecretText.Prefix, Random, owner)));
}

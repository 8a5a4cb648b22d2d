using KeysCluster.Projects;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Secrets;

public sealed class SecretParsingTests
{
    private const string Prefix = "vk-lw-live_";
    private const string RandomPart = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const string OwnerUlid = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    /// <summary>A secret of an earlier version, which must stay valid.</summary>
    private const string KnownValidSecret =
        "vk-lw-live_0123456789ABCDEFGHJKMNPQRSTVWXYZ01ARZ3NDEKTSV4RRFFQ69G5FAVZ01Z778";

    private static bool CanParse(string? text) => VirtualKeySecret.TryParse(text, out _);

    [Fact]
    public void A_minted_secret_round_trips_with_the_same_text_owner_and_digest()
    {
        var minted = VirtualKeySecret.Mint(VirtualKeyId.Parse("vk_" + OwnerUlid), VirtualKeyEnvironment.Test);

        Assert.True(VirtualKeySecret.TryParse(minted.Reveal(), out var read));
        Assert.Equal(minted.Reveal(), read.Reveal());
        Assert.Equal(minted.DisplayPrefix, read.DisplayPrefix);
        Assert.Equal("vk_" + OwnerUlid, VirtualKeyId.FromSecret(read).ToString());
        Assert.Equal(minted.ComputeDigest(), read.ComputeDigest());
    }

    [Fact]
    public void A_secret_issued_by_an_earlier_version_still_parses()
    {
        Assert.True(VirtualKeySecret.TryParse(KnownValidSecret, out var read));
        Assert.Equal("vk_" + OwnerUlid, VirtualKeyId.FromSecret(read).ToString());
        Assert.Equal("vk-lw-live_012345", read.DisplayPrefix);
    }

    [Fact]
    public void A_secret_with_any_single_character_changed_is_rejected()
    {
        var replacements = Enumerable.Range(0, 0x180).Select(code => (char)code).ToArray();
        for (var position = 0; position < KnownValidSecret.Length; position++)
        {
            foreach (var replacement in replacements)
            {
                if (replacement == KnownValidSecret[position]) continue;
                var changed = KnownValidSecret.ToCharArray();
                changed[position] = replacement;
                Assert.False(CanParse(new string(changed)), $"position {position}, character {(int)replacement}");
            }
        }
    }

    [Fact]
    public void A_secret_with_any_two_adjacent_characters_swapped_is_rejected()
    {
        for (var position = 1; position < KnownValidSecret.Length; position++)
        {
            var swapped = KnownValidSecret.ToCharArray();
            (swapped[position - 1], swapped[position]) = (swapped[position], swapped[position - 1]);
            if (swapped[position] != swapped[position - 1])
                Assert.False(CanParse(new string(swapped)), $"position {position}");
        }
    }

    [Fact]
    public void A_truncated_secret_is_rejected()
    {
        for (var length = 0; length < KnownValidSecret.Length; length++)
        {
            Assert.False(CanParse(KnownValidSecret[..length]), $"the first {length}");
            Assert.False(CanParse(KnownValidSecret[^length..]), $"the last {length}");
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("\0")]
    public void A_secret_with_an_inserted_character_is_rejected(string extra)
    {
        for (var position = 0; position <= KnownValidSecret.Length; position++)
            Assert.False(CanParse(KnownValidSecret.Insert(position, extra)), $"position {position}");
    }

    [Fact]
    public void An_overlong_text_is_rejected()
    {
        Assert.False(CanParse(KnownValidSecret + new string('0', 1_000_000)));
        Assert.False(CanParse(ForgedSecret.WithChecksum(Prefix + new string('0', 1_000_000))));
    }

    [Fact]
    public void A_null_or_empty_text_is_rejected()
    {
        Assert.False(CanParse(null));
        Assert.False(CanParse(""));
    }

    [Fact]
    public void A_well_formed_text_with_a_valid_checksum_parses()
    {
        Assert.True(CanParse(ForgedSecret.Create("vk-lw-live_", RandomPart, OwnerUlid)));
        Assert.True(CanParse(ForgedSecret.Create("vk-lw-test_", RandomPart, OwnerUlid)));
        Assert.True(CanParse(ForgedSecret.Create("vk-lw-live_", RandomPart, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")));
    }

    [Theory]
    [InlineData("vk-lw-prod_")]
    [InlineData("VK-LW-LIVE_")]
    [InlineData("vk-lw-live-")]
    [InlineData("sk-lw-")]
    [InlineData("")]
    public void An_unknown_prefix_is_rejected_even_with_a_valid_checksum(string prefix) =>
        Assert.False(CanParse(ForgedSecret.Create(prefix, RandomPart, OwnerUlid)));

    [Fact]
    public void Virtual_key_secrets_and_project_API_keys_are_not_interchangeable()
    {
        Assert.False(ProjectApiKey.TryParse(KnownValidSecret, out _));
        Assert.False(CanParse(ProjectApiKey.Mint(ProjectId.Parse("project_" + OwnerUlid)).Reveal()));
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
    public void A_character_outside_the_alphabet_is_rejected_even_with_a_valid_checksum(string random) =>
        Assert.False(CanParse(ForgedSecret.Create(Prefix, random, OwnerUlid)));

    [Fact]
    public void A_lowercase_body_is_rejected_even_with_a_valid_checksum()
    {
        var body = Prefix + RandomPart.ToLowerInvariant() + OwnerUlid.ToLowerInvariant();
        Assert.False(CanParse(ForgedSecret.WithChecksum(body)));
    }

    [Theory]
    [InlineData("81ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("Z1ARZ3NDEKTSV4RRFFQ69G5FAV")]
    public void An_owner_beyond_128_bits_is_rejected_even_with_a_valid_checksum(string owner) =>
        Assert.False(CanParse(ForgedSecret.Create(Prefix, RandomPart, owner)));
}

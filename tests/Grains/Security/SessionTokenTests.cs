using KeysCluster.Security;
using KeysCluster.Security.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Security;

public sealed class SessionTokenTests
{
    private readonly FakeTimeProvider _clock = new(TestData.Start);
    private readonly SessionKey _key;
    private IReadOnlyList<byte[]> _keys = [new byte[32]];

    public SessionTokenTests() => _key = new SessionKey(() => _keys, _clock);

    [Theory]
    [InlineData(ClusterRole.FrontEnd)]
    [InlineData(ClusterRole.Validator)]
    public void A_token_proves_its_role_until_it_expires(ClusterRole role)
    {
        var text = Encode(SessionKey.Create(_key.Current, role, TestData.Start.AddMinutes(1)));
        Assert.Equal(role, _key.FindProvenRole(text));
        Assert.Equal(role, _key.FindProvenRole(text));

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(_key.FindProvenRole(text));
    }

    [Fact]
    public void The_token_of_silos_proves_a_silo() =>
        Assert.Equal(ClusterRole.Silo, _key.FindProvenRole(_key.SiloToken));

    [Fact]
    public void A_token_of_another_key_proves_nothing()
    {
        byte[] otherKey = [.. Enumerable.Repeat((byte)1, 32)];
        var token = SessionToken.Create(otherKey, ClusterRole.Silo, DateTimeOffset.MaxValue);

        Assert.Null(_key.FindProvenRole(Encode(token)));
    }

    [Fact]
    public void A_token_of_a_replaced_key_is_valid_until_the_key_is_removed()
    {
        byte[] next = [.. Enumerable.Repeat((byte)1, 32)];
        var silo = _key.SiloToken;
        var client = Encode(SessionKey.Create(_key.Current, ClusterRole.Validator, TestData.Start.AddDays(1)));

        _keys = [next, _keys[0]];
        Assert.Equal(next, _key.Current);
        Assert.NotEqual(silo, _key.SiloToken);
        Assert.Equal(ClusterRole.Silo, _key.FindProvenRole(silo));
        Assert.Equal(ClusterRole.Silo, _key.FindProvenRole(_key.SiloToken));
        Assert.Equal(ClusterRole.Validator, _key.FindProvenRole(client));

        _keys = [next];
        Assert.Null(_key.FindProvenRole(silo));
        Assert.Null(_key.FindProvenRole(client));
        Assert.Equal(ClusterRole.Silo, _key.FindProvenRole(_key.SiloToken));
    }

    [Fact]
    public void A_token_with_any_other_bit_proves_nothing()
    {
        var token = SessionKey.Create(_key.Current, ClusterRole.Validator, TestData.Start.AddMinutes(1));
        for (var bit = 0; bit < token.Length * 8; bit++)
        {
            var changed = token.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(_key.FindProvenRole(Encode(changed)));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("silo")]
    [InlineData("!")]
    public void Other_texts_prove_nothing(string? text) => Assert.Null(_key.FindProvenRole(text));

    private static string Encode(byte[] token) => SessionToken.Encode(token);
}

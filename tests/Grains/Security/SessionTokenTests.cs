using KeysCluster.Security;
using KeysCluster.Security.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Security;

public sealed class SessionTokenTests
{
    private readonly FakeTimeProvider _clock = new(TestData.Start);
    private readonly SessionTokens _tokens;
    private IReadOnlyList<byte[]> _keys = [new byte[32]];

    public SessionTokenTests() => _tokens = new SessionTokens(() => _keys, _clock);

    [Theory]
    [InlineData(ClusterRole.FrontEnd)]
    [InlineData(ClusterRole.Validator)]
    public void A_token_has_its_role_until_it_expires(ClusterRole role)
    {
        var text = Encode(SessionTokens.Create(_tokens.Current, role, TestData.Start.AddMinutes(1)));
        Assert.Equal(role, _tokens.FindRole(text));
        Assert.Equal(role, _tokens.FindRole(text));

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(_tokens.FindRole(text));
    }

    [Fact]
    public void The_token_of_silos_has_the_role_of_a_silo() =>
        Assert.Equal(ClusterRole.Silo, _tokens.FindRole(_tokens.SiloToken));

    [Fact]
    public void A_token_of_another_key_is_invalid()
    {
        byte[] otherKey = [.. Enumerable.Repeat((byte)1, 32)];
        var token = SessionToken.Create(otherKey, ClusterRole.Silo, DateTimeOffset.MaxValue);

        Assert.Null(_tokens.FindRole(Encode(token)));
    }

    [Fact]
    public void A_token_of_a_replaced_key_is_valid_until_the_key_is_removed()
    {
        byte[] next = [.. Enumerable.Repeat((byte)1, 32)];
        var silo = _tokens.SiloToken;
        var client = Encode(SessionTokens.Create(_tokens.Current, ClusterRole.Validator, TestData.Start.AddDays(1)));

        _keys = [next, _keys[0]];
        Assert.Equal(next, _tokens.Current);
        Assert.NotEqual(silo, _tokens.SiloToken);
        Assert.Equal(ClusterRole.Silo, _tokens.FindRole(silo));
        Assert.Equal(ClusterRole.Silo, _tokens.FindRole(_tokens.SiloToken));
        Assert.Equal(ClusterRole.Validator, _tokens.FindRole(client));

        _keys = [next];
        Assert.Null(_tokens.FindRole(silo));
        Assert.Null(_tokens.FindRole(client));
        Assert.Equal(ClusterRole.Silo, _tokens.FindRole(_tokens.SiloToken));
    }

    [Fact]
    public void A_token_with_any_changed_bit_is_invalid()
    {
        var token = SessionTokens.Create(_tokens.Current, ClusterRole.Validator, TestData.Start.AddMinutes(1));
        for (var bit = 0; bit < token.Length * 8; bit++)
        {
            var changed = token.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(_tokens.FindRole(Encode(changed)));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("silo")]
    [InlineData("!")]
    public void Other_texts_are_invalid(string? text) => Assert.Null(_tokens.FindRole(text));

    private static string Encode(byte[] token) => SessionToken.Encode(token);
}

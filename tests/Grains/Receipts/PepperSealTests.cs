using System.Security.Cryptography;
using KeysCluster.Grains.Secrets;

namespace KeysCluster.Grains.Tests.Receipts;

public sealed class PepperSealTests
{
    private const string Owner = "vk_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static readonly byte[] Content = [.. "what the caller sealed"u8];
    private readonly byte[] _sealed = Sample.Pepper.Seal(Content, Owner);

    [Fact]
    public void What_was_sealed_is_opened_and_not_seen_before()
    {
        Assert.Equal(Content, Sample.Pepper.Open(_sealed, Owner));
        Assert.Equal(-1, _sealed.AsSpan().IndexOf(Content));
    }

    [Fact]
    public void The_same_content_is_sealed_differently_each_time()
    {
        var again = Sample.Pepper.Seal(Content, Owner);

        Assert.NotEqual(_sealed, again);
        Assert.NotEqual(_sealed[^Content.Length..], again[^Content.Length..]);
    }

    [Fact]
    public void Another_pepper_does_not_open_it() => Assert.ThrowsAny<CryptographicException>(
        () => new Pepper(new byte[Pepper.MinLength]).Open(_sealed, Owner));

    [Fact]
    public void It_does_not_open_for_another_owner() => Assert.ThrowsAny<CryptographicException>(
        () => Sample.Pepper.Open(_sealed, "vk_01ARZ3NDEKTSV4RRFFQ69G5FAW"));

    [Fact]
    public void No_byte_of_it_can_be_altered()
    {
        for (var position = 0; position < _sealed.Length; position++)
        {
            var altered = _sealed.ToArray();
            altered[position] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => Sample.Pepper.Open(altered, Owner));
        }
    }
}

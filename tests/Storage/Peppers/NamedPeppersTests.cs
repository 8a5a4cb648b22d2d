using KeysCluster.Hosting;
using KeysCluster.Silo.Peppers;
using Microsoft.Extensions.Configuration;

namespace KeysCluster.Storage.Tests.Peppers;

public sealed class NamedPeppersTests
{
    private static readonly string First = Convert.ToBase64String(new byte[32]);
    private static readonly string Second = Convert.ToBase64String([.. Enumerable.Repeat((byte)1, 48)]);

    [Fact]
    public void A_single_pepper_is_the_current_one()
    {
        Assert.Equal("default", Read(("Keys:Pepper", First)).CurrentName);
        Assert.Equal("a", Read(("Keys:Peppers:a", First)).CurrentName);
    }

    [Fact]
    public void A_pepper_that_is_added_is_not_current_until_a_setting_says_so()
    {
        var added = Read(("Keys:Pepper", First), ("Keys:Peppers:Next", Second));
        var current = Read(("Keys:Pepper", First), ("Keys:Peppers:Next", Second), ("Keys:CurrentPepper", "next\n"));

        Assert.Equal(("default", 2), (added.CurrentName, added.Set.All.Count));
        Assert.Equal(("Next", added.Set.All[1].Id), (current.CurrentName, current.Set.Current.Id));
        Assert.False(added.HasSamePeppers(current));
        Assert.True(added.HasSamePeppers(Read(("Keys:Peppers:other", Second), ("Keys:Pepper", First))));
    }

    /// <summary>The name is a label: a mistake in it must not assign hashes to another pepper.</summary>
    [Fact]
    public void The_id_of_a_pepper_does_not_depend_on_its_name()
    {
        Assert.Equal(
            Read(("Keys:Peppers:a", First)).Set.Current.Id, Read(("Keys:Peppers:b", First)).Set.Current.Id);
        Assert.NotEqual(Read(("Keys:Pepper", First)).Set.Current.Id, Read(("Keys:Peppers:a", First)).Set.Current.Id);
    }

    [Theory]
    [InlineData("Keys:Pepper is missing")]
    [InlineData("Keys:Pepper is missing", "Keys:Pepper", " ")]
    [InlineData("Keys:Pepper must be at least 32 bytes in base64.", "Keys:Pepper", "c2hvcnQ=")]
    [InlineData("Keys:Pepper must be at least 32 bytes in base64.", "Keys:Pepper", "not base64!")]
    [InlineData("Keys:Peppers:a must be at least 32 bytes in base64.", "Keys:Peppers:a", "c2hvcnQ=")]
    [InlineData("A name under Keys:Peppers is invalid", "Keys:Peppers:a b", "first")]
    [InlineData("A name under Keys:Peppers is invalid", "Keys:Peppers", "first")]
    [InlineData("have the same name", "Keys:Pepper", "first", "Keys:Peppers:default", "second")]
    [InlineData("Keys:Pepper and Keys:Peppers:a are the same", "Keys:Pepper", "first", "Keys:Peppers:a", "first")]
    [InlineData("are the same pepper", "Keys:Peppers:a", "first", "Keys:Peppers:b", "first")]
    [InlineData("Keys:CurrentPepper is missing", "Keys:Peppers:a", "first", "Keys:Peppers:b", "second")]
    [InlineData("Keys:CurrentPepper is not the name", "Keys:Pepper", "first", "Keys:CurrentPepper", "a")]
    public void An_invalid_set_of_peppers_is_refused_without_their_values(string message, params string[] settings)
    {
        var values = settings.Select(text => text switch { "first" => First, "second" => Second, _ => text });

        var refused = Assert.Throws<StartupException>(
            () => Read([.. values.Chunk(2).Select(setting => (setting[0], setting[1]))]));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(First, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Second, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_eight_peppers_at_most()
    {
        static (string, string)[] Create(int count) =>
        [
            .. Enumerable.Range(0, count).Select(i =>
                ($"Keys:Peppers:p{i}", Convert.ToBase64String([.. Enumerable.Repeat((byte)i, 32)]))),
            ("Keys:CurrentPepper", "p0"),
        ];

        Assert.Equal(8, Read(Create(8)).Set.All.Count);
        Assert.Throws<StartupException>(() => Read(Create(9)));
    }

    private static NamedPeppers Read(params (string Key, string Value)[] settings) => NamedPeppers.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value))
            .Build());
}

using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Secrets;

public sealed class IdTests
{
    private const string UlidText = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

    [Fact]
    public void An_id_round_trips_through_its_text()
    {
        var key = VirtualKeyId.New(TestData.Start);
        var project = ProjectId.New(TestData.Start);

        Assert.Equal(key, VirtualKeyId.Parse(key.ToString()));
        Assert.Equal(project, ProjectId.Parse(project.ToString()));
    }

    [Fact]
    public void Ids_sort_by_creation_time()
    {
        var ids = Enumerable.Range(0, 50)
            .Select(i => VirtualKeyId.New(TestData.Start.AddMilliseconds(i)).ToString())
            .ToList();

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{0}")]
    [InlineData("{1}{0}0")]
    [InlineData("{1}+{0}")]
    [InlineData("{1}{0}+x")]
    [InlineData(" {1}{0}")]
    [InlineData("{1}{0}\n")]
    [InlineData("other_{0}")]
    [InlineData("{1}")]
    [InlineData("{1}81ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("{1}01arz3ndektsv4rrffq69g5fav")]
    [InlineData("{1}01ARZ3NDEKTSV4RRFFQ69G5FA")]
    [InlineData("{1}01ARZ3NDEKTSV4RRFFQ69G5FAI")]
    [InlineData("{1}0123456789abcdef0123456789")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    public void Text_other_than_the_canonical_form_of_an_id_is_rejected(string? pattern)
    {
        Assert.False(VirtualKeyId.TryParse(pattern is null ? null : FormatPattern(pattern, "vk_"), out _));
        Assert.False(ProjectId.TryParse(pattern is null ? null : FormatPattern(pattern, "project_"), out _));
        Assert.Throws<FormatException>(() => VirtualKeyId.Parse(FormatPattern(pattern ?? "", "vk_")));
    }

    [Fact]
    public void An_uppercase_prefix_is_rejected()
    {
        Assert.False(VirtualKeyId.TryParse("VK_" + UlidText, out _));
        Assert.False(ProjectId.TryParse("Project_" + UlidText, out _));
    }

    [Fact]
    public void An_id_of_another_type_is_rejected()
    {
        Assert.False(VirtualKeyId.TryParse("project_" + UlidText, out _));
        Assert.False(ProjectId.TryParse("vk_" + UlidText, out _));
    }

    private static string FormatPattern(string pattern, string prefix) =>
        pattern.Replace("{0}", UlidText, StringComparison.Ordinal).Replace("{1}", prefix, StringComparison.Ordinal);
}

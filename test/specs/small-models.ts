import { zooModels } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import type { Settings } from '../../src/spec/expand.ts';

interface Small {
  /** Parameters to set, as a reference writes them. */
  readonly set?: string;
  /** What the model itself says if not given. */
  readonly input?: Settings['input'];
}

const image = (side: number): Small => ({ input: { image: [3, side, side] } });

/** Takes as many patches as it has positions learned for. */
const built = (resolution: number, ...others: string[]): Small => ({
  input: { image: [3, resolution, resolution] },
  set: [`resolution=${resolution}`, ...others].join(),
});

/** A decoder of text and the transformer over patches before it, both narrow. */
const SIGHT = 'vocab=50,width=16,layers=2,hidden=24,tokens=5,vision_width=16,vision_layers=2,vision_heads=2,vision_hidden=24';

/** The smallest input that models of a family take, or near it, where 32×32 is too small; or one model of a family. */
const SMALL: Readonly<Record<string, Small>> = {
  alexnet: image(64),
  clip_rn: built(64, 'text_layers=1,tokens=7,vocabulary=50'),
  clip_vit_b_32: built(64, 'layers=1,text_layers=1,tokens=7,vocabulary=50'),
  clip_vit_b_16: built(32, 'layers=1,text_layers=1,tokens=7,vocabulary=50'),
  clip_vit_l_14: built(28, 'layers=1,text_layers=1,tokens=7,vocabulary=50'),
  clip_vit_l_14_336: built(28, 'layers=1,text_layers=1,tokens=7,vocabulary=50'),
  ddpm: { set: 'width=32', input: { image: [3, 16, 16] } },
  deit: built(32),
  'gemma-3-vision': built(56, SIGHT, 'heads=4,kv_heads=2,head_dim=8,patches=4,window=3'),
  llava: built(28, SIGHT, 'heads=4,kv_heads=2,head_dim=4'),
  paligemma: built(28, SIGHT, 'heads=4,kv_heads=2,head_dim=8'),
  'qwen2-vl': { set: `image_height=28,image_width=56,${SIGHT},heads=4,kv_heads=2` },
  siglip: built(32, 'width=16,heads=2,layers=1,hidden=24,tokens=7,vocab=50'),
  dinov2: built(28, 'width=16,heads=2,layers=2,hidden=24'),
  detr: { ...image(64), set: 'layers=2' },
  dit: { set: 'resolution=64,layers=1' },
  inception_v3: image(75),
  maxvit: image(224),
  retinanet: image(64),
  sam: built(64, 'layers=4'),
  ssd300: {},
  stable_diffusion_v1: { set: 'width=32,context=8,tokens=7,resolution=64' },
  stable_diffusion_v2: { set: 'width=64,heads=[1,2,4,4],context=8,tokens=7,resolution=64' },
  stable_diffusion_xl: { set: 'width=32,transformers=[0,1,1],middle=1,heads=[1,2,4],context=8,tokens=7,resolution=64' },
  swin: image(64),
  swin_v2: image(64),
  unet: { set: 'width=8,padding=1', input: { image: [1, 32, 32] } },
  vit_b_16: built(32),
  vit_b_32: built(64),
  vit_l_16: built(32),
  vit_l_32: built(64),
  vit_h_14: built(28),
  yolov3: image(64),
  yolov3_tiny: image(64),
  yolov5: image(64),
  yolov8: image(64),
};

/** Tasks whose models have twins of few narrow layers instead: test/specs/language.test.ts. */
const WITH_TWINS: readonly string[] = ['language', 'speech'];

/** Models that are small enough to run as they are, or with a small input. */
export const runnableModels = () => zooModels(diskLibrary.zoo).filter(({ task }) => !WITH_TWINS.includes(task ?? ''));

export interface SmallModel {
  readonly name: string;
  readonly family: string;
  readonly model: string;
  readonly input: Settings['input'];
}

/** Each of them, with a small input that it takes. */
export const smallModels = (): SmallModel[] =>
  runnableModels().map(({ name, family }) => {
    const { set, input } = SMALL[name] ?? SMALL[family] ?? image(32);
    return { name, family, model: set === undefined ? name : `${name}:${set}`, input };
  });

/** The first of each family. */
export const smallModelOfEachFamily = (): SmallModel[] => [
  ...new Map(
    smallModels()
      .reverse()
      .map((one) => [one.family, one]),
  ).values(),
];
